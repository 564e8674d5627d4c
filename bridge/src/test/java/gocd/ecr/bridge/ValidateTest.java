package gocd.ecr.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Validate over the spare. */
class ValidateTest {
    private static final String DONE = "{\"response\":{\"success\":true,\"message\":\"ok\"}}";
    private FakePlugin plugin = FakePlugin.with(Map.of());

    @AfterEach
    void close() {
        plugin.close();
    }

    private void replace(FakePlugin other) {
        plugin.close();
        plugin = other;
    }

    private String lastLine() {
        return plugin.lines.get(plugin.lines.size() - 1);
    }

    @Test
    void validateUsesTheSpareAndLeavesIt() throws Exception {
        ValidateRelay validate = new ValidateRelay(plugin.pool, plugin.log);
        String pid = Long.toString(plugin.pool.shared().pid());
        for (int i = 0; i < 3; i++) {
            assertEquals("{\"errors\":{\"Saw\":\"{ \\\"K\\\" : 1}\",\"Pid\":\"" + pid + "\"}}",
                validate.answer("{ \"K\" : 1}").responseBody());
        }
        plugin.execute("{\"tell\":\"pid\"}", DONE);
        assertEquals(pid, lastLine());
    }

    @Test
    void validateOutlivesTheEndOfTheSpare() throws Exception {
        HostProcess spare = plugin.pool.shared();
        spare.connect().close();
        spare.terminate(); // and asked while it dies
        assertTrue(new ValidateRelay(plugin.pool, plugin.log).answer("{}").responseBody().startsWith("{\"errors\":"));
        assertEquals(List.of(), plugin.log.of("WARN"));
    }

    @Test
    void validateSaysNothingWrongWhereTheHostCannotBeAsked() {
        replace(FakePlugin.with(Map.of("FAKE_START", "exit")));
        ValidateRelay validate = new ValidateRelay(plugin.pool, plugin.log);
        assertEquals("{}", validate.answer("{}").responseBody());
        assertEquals("{}", validate.answer("{}").responseBody());
        assertEquals(List.of("WARN validate: the fields were not checked, and are taken as they are. The task's process ended "
            + "with exit code 3 while it started. The agent's plugin log, plugin-gocd-ecr-task.log, has what it said last"),
            plugin.log.of("WARN"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"status\":413,\"answer\":\"\"}|The task's process refused the request: it is larger than 16 MiB (HTTP 413)",
        "{\"status\":500,\"answer\":\"{}\"}|The task's process refused the request: it met an error of its own (HTTP 500). It said: {}",
        "{\"answer\":\"[]\"}|The task's process answered validate with something that is not JSON (not an object)",
        "{\"answer\":\"{\\\"errors\\\":{\\\"K\\\":1}}\"}|The task's process answered validate with something that the bridge does not know",
        "{\"answer\":\"{\\\"error\\\":{}}\"}|The task's process answered validate with something that the bridge does not know",
    })
    void anUnusableAnswerToValidateIsAWarning(String body, String message) {
        assertEquals("{}", new ValidateRelay(plugin.pool, plugin.log).answer(body).responseBody());
        assertEquals(List.of("WARN validate: the fields were not checked, and are taken as they are. " + message), plugin.log.of("WARN"));
    }
}
