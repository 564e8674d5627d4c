package gocd.ecr.bridge;

import java.io.IOException;
import java.io.InputStream;
import java.io.BufferedInputStream;
import java.util.Arrays;

/** Cuts an NDJSON stream into frames. */
final class FrameReader {
    /** security.md 6. */
    static final int MAX_FRAME = 16 * 1024 * 1024;

    private final InputStream in;
    private final int limit;
    private byte[] buffer = new byte[8 * 1024];

    FrameReader(InputStream in, int limit) {
        this.in = new BufferedInputStream(in, 64 * 1024);
        this.limit = limit;
    }

    /** The next frame, or null at the end of the stream. */
    Frame next() throws IOException, BridgeFailure {
        int length = 0;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 && length == 0) {
                return null;
            }
            if (b < 0) {
                throw new BridgeFailure("The task's process sent a frame that was cut off");
            }
            if (length >= limit) {
                throw new BridgeFailure("The task's process sent a frame of more than " + limit + " bytes");
            }
            if (length == buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.min(limit, buffer.length * 2));
            }
            buffer[length++] = (byte) b;
        }
        return Frame.parse(HttpReply.utf8(buffer, length));
    }
}
