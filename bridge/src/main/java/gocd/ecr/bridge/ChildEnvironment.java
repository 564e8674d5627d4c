package gocd.ecr.bridge;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a child gets in its own environment: an allow list, because LD_*, OPENSSL_*, DEBUG and NODE_* change what
 * Node does (NODE_DEBUG=http prints credentials, NODE_OPTIONS loads code). The agent's environment travels to the
 * host as data, in the start line.
 */
final class ChildEnvironment {
    private static final Set<String> ALLOWED =
        Set.of("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "NODE_EXTRA_CA_CERTS");

    private static final Pattern FORBIDDEN = Pattern.compile("(?:LD|OPENSSL|NODE)_.*|DEBUG");

    private ChildEnvironment() {
    }

    static Map<String, String> of(Map<String, String> agent) {
        Map<String, String> child = new TreeMap<>();
        agent.forEach((name, value) -> {
            if (ALLOWED.contains(name) || name.startsWith("LC_")) {
                child.put(name, name.equals("PATH") ? absoluteEntries(value) : value);
            }
        });
        return child;
    }

    /**
     * For the bundle as a command: there it reads the shell's variables from its own environment, and nobody asked for less.
     * What changes Node itself stays out all the same.
     */
    static Map<String, String> ofCommand(Map<String, String> shell) {
        Map<String, String> child = new TreeMap<>(shell);
        child.keySet().removeIf(name -> FORBIDDEN.matcher(name).matches() && !ALLOWED.contains(name));
        return child;
    }

    /** An empty or relative entry of PATH is the job's folder sooner or later. */
    static String absoluteEntries(String path) {
        return Arrays.stream(path.split(Pattern.quote(java.io.File.pathSeparator)))
            .filter(entry -> java.nio.file.Paths.get(entry).isAbsolute())
            .collect(Collectors.joining(java.io.File.pathSeparator));
    }
}
