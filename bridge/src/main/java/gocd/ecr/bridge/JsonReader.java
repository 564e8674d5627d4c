package gocd.ecr.bridge;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A strict JSON reader (RFC 8259): objects become maps, arrays lists, null {@link #NULL}.
 * A doubled key is refused: two readers could disagree about which one counts.
 */
public final class JsonReader {
    /** JSON's null, so that a Java null can mean "no such key". */
    public static final Object NULL = new Object();
    private static final int MAX_DEPTH = 64;

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    /** The one value that the text holds. */
    public static Object parse(String text) throws JsonFault {
        JsonReader reader = new JsonReader(text);
        Object value = reader.value(0);
        reader.skipSpace();
        if (reader.at < text.length()) {
            throw reader.fault("text after the value");
        }
        return value;
    }

    /** The one object that the text holds. */
    public static Map<?, ?> parseObject(String text) throws JsonFault {
        Object value = parse(text);
        if (!(value instanceof Map)) {
            throw new JsonFault("not an object");
        }
        return (Map<?, ?>) value;
    }

    private Object value(int depth) throws JsonFault {
        if (depth > MAX_DEPTH) {
            throw fault("more than " + MAX_DEPTH + " levels");
        }
        skipSpace();
        switch (peek()) {
            case '{': return object(depth);
            case '[': return array(depth);
            case '"': return string();
            case 't': return word("true", Boolean.TRUE);
            case 'f': return word("false", Boolean.FALSE);
            case 'n': return word("null", NULL);
            default: return number();
        }
    }

    private Map<String, Object> object(int depth) throws JsonFault {
        Map<String, Object> members = new LinkedHashMap<>();
        at++;
        skipSpace();
        if (accept('}')) {
            return members;
        }
        do {
            skipSpace();
            String key = string();
            skipSpace();
            expect(':');
            if (members.put(key, value(depth + 1)) != null) {
                throw fault("a doubled key");
            }
            skipSpace();
        } while (accept(','));
        expect('}');
        return members;
    }

    private List<Object> array(int depth) throws JsonFault {
        List<Object> items = new ArrayList<>();
        at++;
        skipSpace();
        if (accept(']')) {
            return items;
        }
        do {
            items.add(value(depth + 1));
            skipSpace();
        } while (accept(','));
        expect(']');
        return items;
    }

    private String string() throws JsonFault {
        expect('"');
        StringBuilder out = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            if (c < ' ') {
                throw fault("a control character in a string");
            }
            out.append(c == '\\' ? escape() : c);
        }
        return out.toString();
    }

    private char escape() throws JsonFault {
        char c = next();
        int known = "\"\\/bfnrt".indexOf(c);
        if (known < 0 && c != 'u') {
            throw fault("an unknown escape");
        }
        return c == 'u' ? unicode() : "\"\\/\b\f\n\r\t".charAt(known);
    }

    private char unicode() throws JsonFault {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            char c = next();
            int digit = c < 0x80 ? Character.digit(c, 16) : -1; // digit() also takes other scripts' digits
            if (digit < 0) {
                throw fault("a bad \\u escape");
            }
            code = code * 16 + digit;
        }
        return (char) code;
    }

    private Object number() throws JsonFault {
        int start = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(start, at);
        if (digits.length() > 64 || !digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")) {
            throw fault("an unexpected character");
        }
        return new BigDecimal(digits);
    }

    private Object word(String word, Object value) throws JsonFault {
        if (!text.startsWith(word, at)) {
            throw fault("an unexpected character");
        }
        at += word.length();
        return value;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws JsonFault {
        if (at >= text.length()) {
            throw fault("a cut text");
        }
        return text.charAt(at);
    }

    private char next() throws JsonFault {
        peek();
        return text.charAt(at++);
    }

    private boolean accept(char wanted) {
        boolean there = at < text.length() && text.charAt(at) == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char wanted) throws JsonFault {
        if (next() != wanted) {
            throw fault("'" + wanted + "' missing");
        }
    }

    private JsonFault fault(String what) {
        return new JsonFault(what + " at character " + at);
    }
}
