package gocd.ecr.bridge;

import java.util.ArrayList;
import java.util.List;

/** No usable Node on this agent: what was looked for, where, and how to mend it. */
final class NodeMissing extends BridgeFailure {
    private static final String REMEDY = "Install Node.js " + NodeLocator.OLDEST + " or newer on the agent, or name one with "
        + "GOCD_ECR_NODE=/path/to/node in the agent's environment or -Dgocd.ecr.node=/path/to/node in its JVM's arguments";

    private final List<String> looked;

    NodeMissing(List<String> looked, String origin) {
        super("No usable Node.js " + origin + " on this agent: " + String.join("; ", looked) + ". " + REMEDY);
        this.looked = looked;
    }

    /** The same for the console, where there is room. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("This task needs Node.js " + NodeLocator.OLDEST + " or newer on the agent. Looked at:");
        looked.forEach(place -> lines.add("  " + place));
        lines.add(REMEDY + ".");
        return lines;
    }
}
