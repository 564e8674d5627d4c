package gocd.ecr.bridge;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Status line and headers of a reply (RFC 9112), as strict as the one server we talk to allows. */
final class HttpHead {
    private static final int MAX_LINE = 16 * 1024;
    private static final int MAX_HEADERS = 100;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([1-5][0-9]{2})( .*)?");

    final int status;
    private final Map<String, String> headers;

    private HttpHead(int status, Map<String, String> headers) {
        this.status = status;
        this.headers = headers;
    }

    /** The header's value, or "". */
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    static HttpHead read(InputStream in) throws IOException {
        Matcher status = STATUS.matcher(line(in));
        if (!status.matches()) {
            throw new IOException("the answer is not HTTP/1.1");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon <= 0 || headers.size() >= MAX_HEADERS) {
                throw new IOException("the answer has malformed headers");
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            // Joined, so that a doubled Content-Length is no number any more.
            headers.merge(name, line.substring(colon + 1).trim(), (first, second) -> first + ", " + second);
        }
        return new HttpHead(Integer.parseInt(status.group(1)), headers);
    }

    /** One line without its CRLF. */
    static String line(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the answer ends too early");
            }
            if (bytes.size() >= MAX_LINE) {
                throw new IOException("the answer has a header line of more than " + MAX_LINE + " bytes");
            }
            bytes.write(b);
        }
        String line = bytes.toString(StandardCharsets.ISO_8859_1);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }
}
