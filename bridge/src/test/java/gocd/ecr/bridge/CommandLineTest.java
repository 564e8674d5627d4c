package gocd.ecr.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a command: what it starts, what that gets, and what it ends with. The bundle's own part is test/e2e's. */
class CommandLineTest {
    @TempDir
    Path temp;
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return new CommandLine(environment, name -> null, "/fake-host.cjs", new PrintStream(err, true, StandardCharsets.UTF_8)).run(List.of(arguments));
    }

    /** A Node that notes what it gets, and where the bundle is, in a file. */
    private Path node(String script) throws Exception {
        Path file = Files.createDirectories(temp.resolve("bin")).resolve("node");
        Files.writeString(file, "#!/bin/sh\n[ \"$1\" = --version ] && { echo v20.0.0; exit; }\n" + script + "\n");
        environment.put("PATH", file.getParent() + ":/usr/bin:/bin");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void handsOnArgumentsAndTheExitCode() throws Exception {
        Path told = temp.resolve("told");
        node("for each in \"$@\"; do echo \"$each\"; done > " + told + "; stat -c %a \"$(dirname \"$1\")\" >> " + told + "; exit 7");
        assertEquals(7, run("check", "Repository=team/app", "BuildArgs=a b"));
        List<String> lines = Files.readAllLines(told);
        Path script = Path.of(lines.get(0));
        assertEquals("plugin.cjs", script.getFileName().toString());
        assertEquals(List.of("check", "Repository=team/app", "BuildArgs=a b", "700"), lines.subList(1, lines.size()));
        assertFalse(Files.exists(script.getParent()), "the unpacked bundle is gone");
    }

    @Test
    void handsOnTheShellsVariablesButThoseThatChangeNode() throws Exception {
        Path told = temp.resolve("told");
        node("env | cut -d= -f1 | sort > " + told);
        for (String name : List.of("AWS_PROFILE", "NODE_EXTRA_CA_CERTS", "NODE_OPTIONS", "NODE_DEBUG", "DEBUG", "LD_LIBRARY_PATH",
            "OPENSSL_CONF", "DEBUG_LEVEL")) {
            environment.put(name, "x");
        }
        assertEquals(0, run("check"));
        List<String> names = Files.readAllLines(told);
        names.removeAll(List.of("PWD", "SHLVL", "_", "OLDPWD"));
        assertEquals(List.of("AWS_PROFILE", "DEBUG_LEVEL", "NODE_EXTRA_CA_CERTS", "PATH"), names);
    }

    @Test
    void saysWhatIsMissingWithoutNode() {
        environment.put("PATH", temp.toString());
        assertEquals(2, run("check"));
        assertEquals("This task needs Node.js 20 or newer on the agent. Looked at:\n  no executable file called node in " + temp
            + "\nInstall Node.js 20 or newer on the agent, or name one with GOCD_ECR_NODE=/path/to/node in the agent's environment or "
            + "-Dgocd.ecr.node=/path/to/node in its JVM's arguments.\n", err.toString(StandardCharsets.UTF_8));
    }
}
