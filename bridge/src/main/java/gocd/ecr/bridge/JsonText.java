package gocd.ecr.bridge;

import java.util.Map;
import java.util.stream.Collectors;

/** Writes the few JSON texts that the bridge sends. */
public final class JsonText {
    private JsonText() {
    }

    /** The text as a JSON string. */
    public static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || Character.isSurrogate(c) || c == 0x2028 || c == 0x2029) {
                // Surrogates too: a lone one would not survive the way through UTF-8.
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    /** The map as a JSON object of strings. */
    public static String object(Map<String, String> map) {
        return map.entrySet().stream()
            .map(entry -> quote(entry.getKey()) + ":" + quote(entry.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
    }
}
