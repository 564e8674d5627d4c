package gocd.ecr.bridge.harness;

import gocd.ecr.bridge.JsonReader;
import gocd.ecr.bridge.JsonText;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes what JsonReader has read. */
final class JsonWriter {
    private JsonWriter() {
    }

    static String of(Object value) {
        if (value instanceof Map) {
            return ((Map<?, ?>) value).entrySet().stream()
                .map(entry -> JsonText.quote((String) entry.getKey()) + ":" + of(entry.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List) {
            return ((List<?>) value).stream().map(JsonWriter::of).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof String) {
            return JsonText.quote((String) value);
        }
        return value == JsonReader.NULL || value == null ? "null" : value.toString();
    }
}
