package gocd.ecr.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a host is given, what it refuses, and what it leaves behind. */
class HostTest {
    private static final String DONE = "{\"response\":{\"success\":true,\"message\":\"ok\"}}";
    private FakePlugin plugin = FakePlugin.with(Map.of());

    @AfterEach
    void close() {
        plugin.close();
    }

    private static String failed(String message) {
        return "{\"success\":false,\"message\":\"" + message + "\"}";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "400|The task's process refused the request: it is malformed (HTTP 400)",
        "401|The task's process refused the request: it does not accept the bridge's token (HTTP 401)",
        "404|The task's process refused the request: it does not know this request (HTTP 404)",
        "413|The task's process refused the request: it is larger than 16 MiB (HTTP 413)",
        "418|The task's process refused the request: for an unknown reason (HTTP 418)",
        "431|The task's process refused the request: the gocd.ecr.* properties and the names of secure variables are too long (HTTP 431)",
        "500|The task's process refused the request: it met an error of its own (HTTP 500)",
    })
    void aRefusalIsAFailedTask(int status, String message) {
        assertEquals(failed(message), plugin.execute("{\"status\":" + status + "}"));
    }

    @Test
    void aRefusalQuotesWhatTheHostSaid() {
        assertEquals(failed("The task's process refused the request: it is malformed (HTTP 400). It said: no config here"),
            plugin.execute("{\"status\":400,\"text\":\"no\\nconfig\\there\"}"));
    }

    @Test
    void aRequestOver16MiBIsNotSent() {
        assertEquals(failed("The task's fields and the job's variables are larger than 16 MiB together"),
            plugin.executeBody("x".repeat(ExecuteRelay.MAX_BODY + 1), List.of()));
    }

    @Test
    void theChildSeesAnAllowListAndAPrivateFolder() throws Exception {
        plugin.close();
        plugin = FakePlugin.with(Map.of("LD_PRELOAD", "", "NODE_OPTIONS", "--bad", "DEBUG", "*", "OPENSSL_CONF", "/x",
            "LC_ALL", "C.UTF-8", "TZ", "UTC", "SECRET", "s", "PATH", ":bin:./x:" + System.getenv("PATH") + ":"));
        plugin.execute("{\"tell\":\"env\"}", "{\"tell\":\"path\"}", "{\"tell\":\"cwd\"}", "{\"tell\":\"args\"}", "{\"tell\":\"script\"}", DONE);
        assertEquals("[\"HOME\",\"LC_ALL\",\"PATH\",\"TZ\"]", plugin.lines.get(0));
        assertEquals("\"" + System.getenv("PATH") + "\"", plugin.lines.get(1));
        Path cwd = Paths.get(plugin.lines.get(2).replace("\"", ""));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(cwd)));
        assertEquals(List.of(), Files.list(cwd).collect(Collectors.toList()));
        assertEquals("[\"serve\"]", plugin.lines.get(3));
        assertEquals("\"" + FakePlugin.folder().resolve("plugin.cjs") + "\"", plugin.lines.get(4));
        plugin.close();
        assertFalse(Files.exists(cwd));
    }

    @Test
    void theAgentsEnvironmentTravelsInTheStartLine() throws Exception {
        plugin.close();
        plugin = FakePlugin.with(Map.of("NODE_OPTIONS", "--bad", "BIG", "b".repeat(300_000), "ODD", "\"\\\n\u00e9"));
        plugin.execute("{\"tell\":\"start\"}", DONE);
        Map<?, ?> start = JsonReader.parseObject(plugin.lines.get(0));
        assertEquals(System.getProperty("user.dir"), start.get("cwd"));
        assertEquals(plugin.environment, start.get("env"));
    }

    @Test
    void stderrGoesToTheLogWithTheTokenMasked() {
        plugin.execute("{\"stderr\":\"{\\\"level\\\":\\\"warn\\\",\\\"message\\\":\\\"TOKEN\\\"}\\nplain\\n\"}", DONE);
        assertEquals(List.of("WARN host N: {\"level\":\"warn\",\"message\":\"****\"}"), plugin.log.of("WARN"));
        assertEquals(List.of("INFO host N: plain"), plugin.log.of("INFO"));
    }

    @Test
    void muchStderrBlocksNothing() {
        String step = "{\"stderr\":" + JsonText.quote("noise\n".repeat(50_000)) + "}";
        assertEquals("{\"success\":true,\"message\":\"ok\"}", plugin.execute(step, "{\"sleep\":1000}", DONE));
        assertEquals(50_000, plugin.log.of("INFO").size());
    }

    @Test
    void manyLinesArriveInOrder() {
        assertEquals("{\"success\":true,\"message\":\"ok\"}", plugin.execute("{\"lines\":{\"count\":20000,\"text\":\"line\"}}", DONE));
        assertEquals(20_000, plugin.lines.size());
        assertEquals("line 20000", plugin.lines.get(19_999));
    }

    @Test
    void leftoversAreKilled() throws Exception {
        assertEquals("{\"success\":true,\"message\":\"ok\"}", plugin.execute("{\"leave\":1}", DONE));
        long pid = Long.parseLong(plugin.lines.get(0).replace("left ", ""));
        Path stat = Paths.get("/proc/" + pid + "/stat");
        for (int i = 0; i < 200 && alive(stat); i++) {
            Thread.sleep(10); // a kill takes a moment
        }
        assertFalse(alive(stat), () -> "process " + pid + " lives");
    }

    /** A zombie counts as dead: where PID 1 reaps nobody, it stays. */
    private static boolean alive(Path stat) {
        try {
            return !Files.readString(stat).contains(") Z ");
        } catch (IOException gone) {
            return false;
        }
    }
}
