package gocd.ecr.bridge;

import java.util.Map;

/** The one line the host reads from its stdin before anything else. */
final class StartLine {
    private StartLine() {
    }

    static String of(Token token, String cwd, Map<String, String> agentEnvironment) {
        return "{\"token\":" + JsonText.quote(token.hex())
            + ",\"cwd\":" + JsonText.quote(cwd)
            + ",\"env\":" + JsonText.object(agentEnvironment) + "}\n";
    }
}
