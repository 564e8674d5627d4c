# Packages a built dist/ (run `npm run package` first); needs no network beyond its base images.
#
#   docker build --target plugin -t gocd-ecr-task:plugin .   an image that holds the jar alone, at /
#   docker build --target agent  -t gocd-agent-ecr .         a GoCD agent that has Node, ready for the plugin
ARG NODE_IMAGE=node:20-bookworm-slim
ARG AGENT_IMAGE=gocd/gocd-agent-debian-12:v25.3.0

FROM scratch AS plugin
COPY dist/gocd-ecr-task-*.jar /

FROM ${NODE_IMAGE} AS node

FROM ${AGENT_IMAGE} AS agent
USER root
COPY --from=node /usr/local/bin/node /usr/local/bin/node
# For `node plugin.cjs check REQUEST.json` in a shell on the agent; jobs run the copy in the jar that the server sends.
COPY dist/plugin.cjs /usr/local/lib/gocd-ecr-task/plugin.cjs
ENV GOCD_ECR_NODE=/usr/local/bin/node
USER go
