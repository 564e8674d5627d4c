package gocd.ecr.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An execute from GoCD's request to GoCD's reply, over real processes. */
class ExecuteTest {
    private static final String DONE = "{\"response\":{\"success\":true,\"message\":\"ok\"}}";
    private static final String SEE_LOG = ". The agent's plugin log, plugin-gocd-ecr-task.log, has what it said last";
    private FakePlugin plugin = FakePlugin.with(Map.of());

    @AfterEach
    void close() {
        plugin.close();
    }

    private static String failed(String message) {
        return "{\"success\":false,\"message\":\"" + message + "\"}";
    }

    @Test
    void relaysLinesAndResponse() {
        assertEquals("{\"success\":true,\"message\":\"ok\"}", plugin.execute("{\"line\":\"one\"}", "{\"line\":\"zwölf 🐳\"}", DONE));
        assertEquals(List.of("one", "zwölf 🐳"), plugin.lines);
    }

    @Test
    void relaysTheBodyByteForByte() {
        String body = "{ \"steps\" : [{\"body\":0},{\"response\":{\"success\":true,\"message\":\"\"}}],\t\"x\":\"\\u00e9é🐳\\/\" }";
        plugin.executeBody(body, List.of());
        assertEquals(List.of(body), plugin.lines);
    }

    @Test
    void sendsSettingsAndSecureNamesEncoded() {
        System.setProperty("gocd.ecr.default.Region", "eu west=1\r\nX: y");
        try {
            plugin.executeBody("{\"steps\":[{\"headers\":0}," + DONE + "]}", List.of("TOKEN", "Söcial Net\r\nX: 1"));
        } finally {
            System.clearProperty("gocd.ecr.default.Region");
        }
        String line = plugin.lines.get(0).replaceAll("\"Host\",\"127.0.0.1:[0-9]+\"", "\"Host\",\"127.0.0.1:N\"")
            .replaceAll("\"Content-Length\",\"[0-9]+\"", "\"Content-Length\",\"N\"");
        assertEquals("[\"Host\",\"127.0.0.1:N\",\"Content-Type\",\"application/json\",\"Content-Length\",\"N\","
            + "\"GoCD-ECR-Setting\",\"default.Region=eu%20west%3D1%0D%0AX%3A%20y\","
            + "\"GoCD-ECR-Secure\",\"TOKEN\",\"GoCD-ECR-Secure\",\"S%C3%B6cial%20Net%0D%0AX%3A%201\"]", line);
    }

    @Test
    void splitsLinesAtEveryLineBreak() {
        plugin.execute("{\"line\":\"a\\rb\\r\\nc\\nd\"}", DONE);
        assertEquals(List.of("a", "b", "c", "d"), plugin.lines);
    }

    @Test
    void aResponseInsideALineIsText() {
        assertEquals("{\"success\":true,\"message\":\"ok\"}",
            plugin.execute("{\"line\":\"{\\\"response\\\":{\\\"success\\\":false}}\"}", DONE));
        assertEquals(List.of("{\"response\":{\"success\":false}}"), plugin.lines);
    }

    @Test
    void aFrameInPiecesIsOneFrame() {
        assertEquals("{\"success\":true,\"message\":\"ok\"}",
            plugin.execute("{\"halves\":\"{\\\"line\\\":\\\"grün 🐳\\\"}\\n\"}", DONE));
        assertEquals(List.of("grün 🐳"), plugin.lines);
    }

    @Test
    void aFailureAlwaysHasAMessage() {
        assertEquals(failed("The task failed without saying why"), plugin.execute("{\"response\":{\"success\":false}}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"oops\":1}|The task's process sent a frame that the bridge does not know",
        "{\"line\":\"a\",\"response\":{\"success\":true}}|The task's process sent a frame that the bridge does not know",
        "{\"line\":1}|The task's process sent a frame that the bridge does not know",
        "{\"response\":{\"success\":\"true\",\"message\":\"ok\"}}|The task's process sent a response that the bridge does not know",
        "{\"response\":{\"success\":true,\"message\":null}}|The task's process sent a response that the bridge does not know",
        "{\"response\":{\"success\":true,\"message\":\"\",\"more\":1}}|The task's process sent a response that the bridge does not know",
        "hello|The task's process sent a frame that is not JSON (an unexpected character at character 0)",
        "{\"line\":\"a\",\"line\":\"b\"}|The task's process sent a frame that is not JSON (a doubled key at character 22)",
    })
    void aFrameOfAnotherShapeFailsTheJob(String frame, String message) {
        assertEquals(failed(message), plugin.execute("{\"raw\":" + JsonText.quote(frame + "\n") + "}", DONE));
    }

    @Test
    void aCutFrameFailsTheJob() {
        assertEquals(failed("The task's process sent a frame that was cut off"),
            plugin.execute("{\"raw\":\"{\\\"response\\\":{\\\"success\\\":true,\\\"message\\\":\\\"\\\"}}\"}"));
    }

    @Test
    void aFrameOver16MiBFailsTheJob() {
        assertEquals(failed("The task's process sent a frame of more than 16777216 bytes"),
            plugin.execute("{\"huge\":17000000}", DONE));
    }

    @Test
    void aStreamWithoutAResponseFailsTheJob() {
        assertEquals(failed("The task's process ended with exit code 0 before it had said how the task went" + SEE_LOG),
            plugin.execute("{\"line\":\"one\"}"));
    }

    @Test
    void moreAfterTheResponseFailsTheJob() {
        assertEquals(failed("The task's process sent more after its response"), plugin.execute(DONE, "{\"line\":\"late\"}"));
        assertEquals(List.of(), plugin.lines);
    }

    @Test
    void anExitFailsTheJobWithItsCode() {
        assertEquals(failed("The task's process ended with exit code 7 before it had said how the task went" + SEE_LOG),
            plugin.execute("{\"line\":\"one\"}", "{\"exit\":7}"));
    }

    @Test
    void aBrokenConnectionFailsTheJob() {
        assertEquals(failed("The task's process does not answer before it had said how the task went: the answer ends too early"),
            plugin.execute("{\"line\":\"one\"}", "{\"sleep\":50}", "{\"cut\":1}", "{\"sleep\":60000}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "SIGTERM|Cancelled: the task's process was ended by SIGTERM before it had said how the task went",
        "SIGKILL|Cancelled: the task's process was killed by SIGKILL before it had said how the task went."
            + " If nobody did that, the machine has run out of memory",
        "SIGSEGV|The task's process crashed with SIGSEGV before it had said how the task went"
            + ". The agent's plugin log, plugin-gocd-ecr-task.log, has what it said last",
    })
    void aDeathByASignalIsTheCancel(String signal, String message) {
        String step = signal.equals("SIGTERM") ? "{\"exit\":143}" : "{\"signal\":\"" + signal + "\"}";
        assertEquals(failed(message), plugin.execute("{\"line\":\"one\"}", step));
    }
}
