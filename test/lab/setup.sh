#!/usr/bin/env bash
# Puts what the test lab runs on this machine: Debian's Docker Engine 20.10, docker-registry, busybox, htpasswd, Chromium;
# with `engines` also an Engine 29 (from published Go modules), with `peers` also what we are compared with and measured
# against: docker buildx, and a Dockerfile frontend that `# syntax=` can name.
# Silent and quick when everything is there. Nothing is written into the repository.
set -euo pipefail

cache=${GOCD_ECR_TASK_CACHE:-$HOME/.cache/gocd-ecr-task}
want_engines=false want_peers=false
for word in "$@"; do
  case $word in
    engines) want_engines=true ;;
    peers) want_peers=true ;;
    *) echo "setup.sh: unknown word '$word'; known: engines, peers" >&2; exit 2 ;;
  esac
done

# command -> Debian package that has it
needs="dockerd:docker.io containerd:containerd runc:runc docker-registry:docker-registry busybox:busybox-static
  htpasswd:apache2-utils ip:iproute2 iptables:iptables openssl:openssl chromium:chromium unshare:util-linux setpriv:util-linux ssh-add:openssh-client sshd:openssh-server setcap:libcap2-bin"

missing_packages() {
  local need
  for need in $needs; do
    [ -x "$(PATH=$PATH:/usr/sbin:/sbin command -v "${need%%:*}")" ] || echo "${need##*:}"
  done
  # a dynamically linked busybox cannot run in an image that holds nothing else
  if command -v busybox >/dev/null && ldd "$(command -v busybox)" >/dev/null 2>&1; then echo busybox-static; fi
  if $want_engines && [ ! -x "$cache/engine29/runc" ]; then
    [ -e /usr/include/seccomp.h ] || echo libseccomp-dev
    command -v pkg-config >/dev/null || echo pkg-config
    command -v gcc >/dev/null || echo gcc libc6-dev
  fi
}

stop_with() { printf '%s\n' "test/lab/setup.sh: $1" >&2; exit 1; }

install_packages() {
  local packages=$1 policy=/usr/sbin/policy-rc.d placed=false status=0
  [ -f /etc/debian_version ] || stop_with "these are missing: $packages. This is not Debian; install what provides them, or set LAB_DOCKER_HOST to a Docker daemon on this machine (docker-registry and htpasswd are still needed), or LAB=off to skip the tests that need the lab."
  [ "$(id -u)" = 0 ] || stop_with "these packages are missing: $packages. As root run: apt-get update && apt-get install -y --no-install-recommends $packages"
  echo "test/lab/setup.sh: installing $packages" >&2
  # Debian would start its own dockerd and docker-registry on installation; they are not ours to have running.
  if [ ! -e $policy ]; then printf '#!/bin/sh\nexit 101\n' >$policy; chmod 755 $policy; placed=true; fi
  apt-get update -qq >&2 &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >&2 || status=$?
  if $placed; then rm -f $policy; fi
  [ $status = 0 ] || stop_with "apt-get failed (exit $status); missing: $packages"
}

need_go() { # $1: what for
  command -v go >/dev/null || [ -x /usr/local/go/bin/go ] || stop_with "Go 1.26 or newer is needed to build $1, and no go is in PATH. Install it from https://go.dev/dl/ (Debian's golang-go is older)."
  PATH=$PATH:/usr/local/go/bin
}

# Built beside its place and moved there at the end: an interrupted build leaves nothing that looks complete.
go_install() { # $1: folder, $2: name of the binary, rest: arguments of go install
  local folder=$1 name=$2; shift 2
  [ ! -x "$folder/$name" ] || return 0
  need_go "$name"
  echo "test/lab/setup.sh: building $name with Go (once)" >&2
  mkdir -p "$folder"
  local scratch; scratch=$(mktemp -d "$folder/.build-XXXXXX")
  if ! GOBIN=$scratch go install "$@" >"$scratch/log" 2>&1; then
    tail -n 20 "$scratch/log" >&2; rm -rf "$scratch"
    stop_with "building $name failed (above); command: go install $*"
  fi
  mv "$scratch/$name" "$folder/$name"; rm -rf "$scratch"
}

build_engine29() {
  local folder=$cache/engine29
  go_install "$folder" dockerd -ldflags "-X github.com/moby/moby/v2/dockerversion.Version=29.8.1" github.com/moby/moby/v2/cmd/dockerd@v2.0.0-beta.24
  go_install "$folder" containerd github.com/containerd/containerd/v2/cmd/containerd@v2.4.2
  go_install "$folder" containerd-shim-runc-v2 github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2@v2.4.2
  go_install "$folder" runc -tags seccomp github.com/opencontainers/runc@v1.5.2
}

# buildkit's go.mod has `exclude` lines, with which go install PACKAGE@VERSION refuses to work: so by a module of our own.
build_frontend() {
  local folder=$cache/peers name=dockerfile-frontend module=github.com/moby/buildkit
  [ ! -x "$folder/$name" ] || return 0
  need_go "$name"
  echo "test/lab/setup.sh: building $name with Go (once)" >&2
  mkdir -p "$folder"
  local scratch; scratch=$(mktemp -d "$folder/.build-XXXXXX")
  if ! (cd "$scratch" && export CGO_ENABLED=0 && go mod init frontend && go get "$module/frontend/dockerfile/cmd/$name@v0.34.2" &&
    go build -trimpath -ldflags '-s -w' -o "$name" "$module/frontend/dockerfile/cmd/$name") >"$scratch/log" 2>&1; then
    tail -n 20 "$scratch/log" >&2; rm -rf "$scratch"
    stop_with "building $name failed (above)"
  fi
  mv "$scratch/$name" "$folder/$name"; rm -rf "$scratch"
}

packages=$(missing_packages | sort -u | tr '\n' ' ')
[ -z "$packages" ] || install_packages "${packages% }"
if $want_engines || $want_peers; then
  mkdir -p "$cache"
  # Two set-ups at once would build the same 4 GB of Go caches twice.
  exec 9>"$cache/.lock"; flock 9
  if $want_engines; then build_engine29; fi
  if $want_peers; then
    go_install "$cache/peers" buildx github.com/docker/buildx/cmd/buildx@v0.38.2
    build_frontend
  fi
fi
