package gocd.ecr.bridge.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The stand-in for an agent is itself tested where it models more than a call. */
class HarnessTest {
    @Test
    void theRingDropsTheOldestLines() {
        List<String> lines = new ArrayList<>();
        try (ConsoleRing ring = new ConsoleRing(lines::add)) {
            for (int i = 1; i <= 20_000; i++) {
                ring.accept("line " + i);
            }
            assertEquals(List.of(), lines);
        }
        assertEquals(10_240, lines.size());
        assertEquals("line 9761", lines.get(0));
        assertEquals("line 20000", lines.get(10_239));
    }

    @Test
    void theConfigIsRebuiltFromTheDeclaredKeys() throws Exception {
        assertEquals("{\"context\":{\"workingDirectory\":\"p\",\"n\":[1,null,true]},\"config\":{"
            + "\"A\":{\"value\":\"x\",\"secure\":false,\"required\":false},"
            + "\"B\":{\"value\":\"d\",\"secure\":true,\"required\":true},"
            + "\"C\":{\"value\":\"\",\"secure\":false,\"required\":false}}}",
            TaskConfig.rebuilt("{\"context\":{\"workingDirectory\":\"p\",\"n\":[1,null,true]},\"config\":{\"A\":{\"value\":\"x\"},"
                + "\"B\":{\"value\":\" \"},\"Gone\":{\"value\":\"y\"}}}",
                "{\"A\":{\"default-value\":\"a\",\"secure\":true},\"B\":{\"default-value\":\"d\",\"secure\":true},\"C\":{\"required\":false}}"));
    }
}
