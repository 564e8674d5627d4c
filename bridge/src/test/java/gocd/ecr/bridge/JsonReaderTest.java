package gocd.ecr.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Good texts and bad ones. */
class JsonReaderTest {
    @Test
    void readsEveryKindOfValue() throws JsonFault {
        assertEquals(Map.of("a", List.of(new BigDecimal("-1.5e3"), true, false, "é\n\"\\/\u20ac\ud83d\udc33", Map.of(), List.of())),
            JsonReader.parse(" {\"a\" : [ -1.5e3, true ,false,\"\\u00E9\\n\\\"\\\\\\/€\\ud83d\\udc33\", {}, [ ] ]}\r\n"));
        assertSame(JsonReader.NULL, JsonReader.parse("null"));
        assertEquals("\ud800", JsonReader.parse("\"\\ud800\""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", value = {
        "``|a cut text at character 0",
        "{|a cut text at character 1",
        "{\"a\"}|':' missing at character 5",
        "{\"a\":1,}|'\"' missing at character 8",
        "[1,]|an unexpected character at character 3",
        "[1 2]|']' missing at character 4",
        "{a:1}|'\"' missing at character 2",
        "'a'|an unexpected character at character 0",
        "01|an unexpected character at character 2",
        "1.|an unexpected character at character 2",
        "+1|an unexpected character at character 2",
        "1e9999|an unexpected character at character 6",
        "NaN|an unexpected character at character 0",
        "tru|an unexpected character at character 0",
        "nullx|text after the value at character 4",
        "{} {}|text after the value at character 3",
        "\"a|a cut text at character 2",
        "\"\\x\"|an unknown escape at character 3",
        "\"\\u00g0\"|a bad \\u escape at character 6",
        "\"\\u٠٠٠٠\"|a bad \\u escape at character 4",
        "{\"a\":1,\"a\":1}|a doubled key at character 12",
    })
    void refusesWhatIsNotJson(String text, String message) {
        assertEquals(message, assertThrows(JsonFault.class, () -> JsonReader.parse(text)).getMessage());
    }

    @Test
    void refusesControlCharactersAndDepth() throws JsonFault {
        assertEquals("a control character in a string at character 2",
            assertThrows(JsonFault.class, () -> JsonReader.parse("\"\t\"")).getMessage());
        assertEquals("more than 64 levels at character 65",
            assertThrows(JsonFault.class, () -> JsonReader.parse("[".repeat(100_000))).getMessage());
        JsonReader.parse("[".repeat(65) + "]".repeat(65));
        assertEquals("not an object", assertThrows(JsonFault.class, () -> JsonReader.parseObject("[]")).getMessage());
    }

    @Test
    void quotesWhatItReadsBack() throws JsonFault {
        String odd = "\"\\/\b\u0000\u007f\u2028 é€\ud83d\udc33\ud800";
        assertEquals(odd, JsonReader.parse(JsonText.quote(odd)));
        assertEquals("{\"a\":\"\\\"\"}", JsonText.object(Map.of("a", "\"")));
    }
}
