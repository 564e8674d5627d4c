package gocd.ecr.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said when the bridge itself cannot go on. */
class FaultMessageTest {
    @TempDir
    Path temp;
    private final MemoryLog log = new MemoryLog();

    private String execute(HostStarter.FolderFinder bundle, Map<String, String> environment) {
        HostPool pool = new HostPool(new HostStarter(bundle, environment, name -> null, 15_000, log), 30_000, 2_000, log);
        try {
            return new ExecuteRelay(pool, log).answer("{}", List.of(), new JobConsole(line -> { }, log)).responseBody();
        } finally {
            pool.close();
        }
    }

    @Test
    void aFaultOfTheBridgeIsAFailedTask() {
        assertEquals("{\"success\":false,\"message\":\"The plugin's bridge met an error of its own: java.lang.IllegalStateException: x\"}",
            execute(() -> {
                throw new IllegalStateException("x");
            }, Map.of("PATH", System.getenv("PATH"))));
        assertEquals(List.of("ERROR execute: java.lang.IllegalStateException: x"), log.of("ERROR"));
    }

    @Test
    void aNodeThatIsGoneAgainIsTold() throws Exception {
        Path node = Files.writeString(temp.resolve("node"), "#!/bin/sh\necho v20.0.0\n");
        Files.setPosixFilePermissions(node, PosixFilePermissions.fromString("rwx------"));
        String message = execute(() -> {
            try {
                Files.delete(node);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return FakePlugin.folder();
        }, Map.of("PATH", temp.toString()));
        assertEquals("{\"success\":false,\"message\":\"The task's process could not be started with " + node + ": Cannot run program \\\""
            + node + "\\\" (in directory \\\"FOLDER\\\"): error=2, No such file or directory\"}",
            message.replaceFirst("in directory \\\\\"[^\"]+\"", "in directory \\\\\"FOLDER\\\\\""));
    }

    @Test
    void aMissingTemporaryFolderIsTold() {
        String before = System.setProperty("java.io.tmpdir", "/no/such/folder");
        try {
            String message = assertThrows(BridgeFailure.class, () -> new PrivateFolder().get()).getMessage();
            assertEquals("No private folder could be made in /no/such/folder (java.nio.file.NoSuchFileException: FILE). Make room there, "
                + "or give the agent another one with -Djava.io.tmpdir", message.replaceFirst("/no/such/folder/[^)]+", "FILE"));
        } finally {
            System.setProperty("java.io.tmpdir", before);
        }
    }

    @Test
    void aMissingReplyInTheJarIsTold() {
        assertEquals(500, StaticReply.of("none.json").responseCode());
        assertEquals("{\"error\":\"none.json is missing from the plugin's jar\"}", StaticReply.of("none.json").responseBody());
    }
}
