package gocd.ecr.bridge;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;

/** The host's first line on stdout: {"port":N,"pid":N,"version":"x.y.z"}. */
final class PortLine {
    private static final int MAX_BYTES = 4 * 1024;

    private PortLine() {
    }

    static int read(InputStream in) throws IOException {
        byte[] line = new byte[MAX_BYTES];
        int length = 0;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || length == line.length) {
                throw new IOException("it did not say on which port it listens");
            }
            line[length++] = (byte) b;
        }
        return parse(HttpReply.utf8(line, length));
    }

    /** The pid in it may differ from the child's: some Node installations start Node through a script. */
    static int parse(String line) throws IOException {
        try {
            Object port = JsonReader.parseObject(line).get("port");
            if (port instanceof BigDecimal) {
                int number = ((BigDecimal) port).intValueExact();
                if (number > 0 && number < 65536) {
                    return number;
                }
            }
        } catch (JsonFault | ArithmeticException e) {
            // Told below: the line itself is not quoted, it could be anything.
        }
        throw new IOException("its first line does not say on which port it listens");
    }
}
