package gocd.ecr.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which Node runs, and what is said when none can. */
class NodeLocatorTest {
    private static final String REMEDY = "Install Node.js 20 or newer on the agent, or name one with GOCD_ECR_NODE=/path/to/node in "
        + "the agent's environment or -Dgocd.ecr.node=/path/to/node in its JVM's arguments";
    @TempDir
    Path temp;
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> properties = new HashMap<>();

    private final PrivateFolder folder = new PrivateFolder();

    @AfterEach
    void removeFolder() {
        folder.remove();
    }

    private Path program(String folder, String script) throws IOException {
        Path file = Files.createDirectories(temp.resolve(folder)).resolve("node");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private NodeLocator locator() {
        return new NodeLocator(properties::get, environment, new NodeVersion(folder, Map.of("PATH", "/usr/bin:/bin"), 500));
    }

    private NodeMissing missing() {
        return assertThrows(NodeMissing.class, () -> locator().find());
    }

    @Test
    void thePropertyWinsOverTheVariableAndThatOverThePath() throws Exception {
        Path onPath = program("path", "echo v20.0.0");
        Path byVariable = program("variable", "echo v22.1.0");
        Path byProperty = program("property", "echo v24.0.0-nightly");
        environment.put("PATH", onPath.getParent().toString());
        assertEquals(onPath, locator().find());
        environment.put("GOCD_ECR_NODE", byVariable.toString());
        assertEquals(byVariable, locator().find());
        properties.put("gocd.ecr.node", " " + byProperty + " ");
        assertEquals(byProperty, locator().find());
    }

    @Test
    void relativeAndEmptyEntriesOfThePathAreSkippedAndOldNodesPassed() throws Exception {
        Path old = program("old", "echo v18.20.4");
        Path good = program("good", "echo v20.20.2");
        environment.put("PATH", ":.:bin:" + old.getParent() + ":" + good.getParent());
        assertEquals(good, locator().find());
    }

    @Test
    void aMissingNodeIsToldWithWhatWasLookedAt() throws Exception {
        Files.createDirectories(temp.resolve("a"));
        environment.put("PATH", temp + "/a:relative:");
        assertEquals("No usable Node.js found by PATH on this agent: no executable file called node in " + temp + "/a. " + REMEDY,
            missing().getMessage());
        assertEquals(List.of("This task needs Node.js 20 or newer on the agent. Looked at:",
            "  no executable file called node in " + temp + "/a", REMEDY + "."), missing().lines());
    }

    @Test
    void unusableNodesAreToldEachWithItsReason() throws Exception {
        Path old = program("old", "echo v18.20.4");
        Path other = program("other", "echo hello");
        Path slow = program("slow", "exec sleep 5");
        Path broken = program("broken", "");
        Files.writeString(broken, "#!/no/such/interpreter\n");
        environment.put("PATH", List.of(old, other, slow, broken).stream().map(p -> p.getParent().toString()).collect(Collectors.joining(":")));
        String text = missing().getMessage();
        assertEquals("No usable Node.js found by PATH on this agent: " + old + ": v18.20.4 is too old; "
            + other + ": (cannot be run: its answer to --version is not a version of Node); "
            + slow + ": (cannot be run: no answer to --version within 0.5 s); "
            + broken + ": (cannot be run: Cannot run program \"" + broken + "\" (in directory \"FOLDER\"): error=2, No such file or "
            + "directory). " + REMEDY, text.replaceFirst("in directory \"[^\"]+\"", "in directory \"FOLDER\""));
    }

    @Test
    void aNamedNodeThatIsNoneIsNotReplacedByAnother() throws Exception {
        environment.put("PATH", program("good", "echo v20.20.2").getParent().toString());
        environment.put("GOCD_ECR_NODE", "bin/node");
        assertEquals("No usable Node.js named by GOCD_ECR_NODE on this agent: bin/node: no executable file with an absolute path. "
            + REMEDY, missing().getMessage());
        Path old = program("old", "echo v16.0.0");
        properties.put("gocd.ecr.node", old.toString());
        assertEquals("No usable Node.js named by -Dgocd.ecr.node on this agent: " + old + ": v16.0.0 is too old. " + REMEDY,
            missing().getMessage());
    }

    @Test
    void theVersionIsAskedAgainWhenTheFileChanges() throws Exception {
        Path node = program("path", "echo v18.0.0");
        environment.put("PATH", node.getParent().toString());
        NodeLocator locator = locator();
        assertThrows(NodeMissing.class, locator::find);
        program("path", "echo v20.0.0 ");
        assertEquals(node, locator.find());
    }

    @Test
    void sigtermDuringTheQuestionIsTheCancel() throws Exception {
        environment.put("PATH", program("path", "kill $$").getParent().toString());
        assertEquals("Cancelled: the task's process was ended by SIGTERM while Node's version was asked for",
            assertThrows(Cancelled.class, () -> locator().find()).getMessage());
    }

    @Test
    void withoutNodeTheConsoleSaysHowToMendIt() {
        try (FakePlugin plugin = FakePlugin.with(Map.of("PATH", "/nowhere"))) {
            assertEquals("{\"success\":false,\"message\":\"No usable Node.js found by PATH on this agent: no executable file called "
                + "node in /nowhere. " + REMEDY + "\"}", plugin.execute("{}"));
            assertEquals(List.of("This task needs Node.js 20 or newer on the agent. Looked at:",
                "  no executable file called node in /nowhere", REMEDY + "."), plugin.lines);
            assertEquals("{}", new ValidateRelay(plugin.pool, plugin.log).answer("{}").responseBody());
            assertEquals("WARN validate: the fields were not checked, and are taken as they are. No usable Node.js found by PATH on "
                + "this agent: no executable file called node in /nowhere. " + REMEDY, plugin.log.of("WARN").get(1));
        }
    }
}
