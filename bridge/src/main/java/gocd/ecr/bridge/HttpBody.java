package gocd.ecr.bridge;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A reply's body, chunked or of a given length. Ending before its time is an error and never an end. */
final class HttpBody extends InputStream {
    private final InputStream in;
    private final boolean chunked;
    private long left;
    private boolean first = true;
    private boolean ended;

    private HttpBody(InputStream in, boolean chunked, long length) {
        this.in = in;
        this.chunked = chunked;
        this.left = length;
        this.ended = !chunked && length == 0;
    }

    static HttpBody of(HttpHead head, InputStream in) throws IOException {
        String coding = head.header("transfer-encoding");
        String length = head.header("content-length");
        if (coding.equalsIgnoreCase("chunked") && length.isEmpty()) {
            return new HttpBody(in, true, 0);
        }
        if (coding.isEmpty() && length.matches("[0-9]{1,15}")) {
            return new HttpBody(in, false, Long.parseLong(length));
        }
        throw new IOException("the answer does not say how long its body is");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (chunked && left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int count = in.read(into, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the answer ends too early");
        }
        left -= count;
        ended = !chunked && left == 0;
        return count;
    }

    private void nextChunk() throws IOException {
        if (!first && !HttpHead.line(in).isEmpty()) {
            throw new IOException("the answer has a malformed chunk");
        }
        first = false;
        String size = HttpHead.line(in).split(";", 2)[0].trim();
        if (!size.matches("[0-9a-fA-F]{1,8}")) {
            throw new IOException("the answer has a malformed chunk");
        }
        left = Long.parseLong(size, 16);
        if (left == 0) {
            skipTrailers();
            ended = true;
        }
    }

    private void skipTrailers() throws IOException {
        for (int count = 0; !HttpHead.line(in).isEmpty(); count++) {
            if (count >= 100) {
                throw new IOException("the answer has too many trailers");
            }
        }
    }
}
