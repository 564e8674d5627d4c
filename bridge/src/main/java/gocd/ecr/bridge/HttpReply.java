package gocd.ecr.bridge;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What the host answered: the body is read as it arrives. */
final class HttpReply {
    final int status;
    final String contentType;
    final InputStream body;

    HttpReply(int status, String contentType, InputStream body) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
    }

    /** The whole body as text; more than the limit is an error. */
    String text(int limit) throws IOException {
        byte[] bytes = body.readNBytes(limit + 1);
        if (bytes.length > limit) {
            throw new IOException("the answer is longer than " + limit + " bytes");
        }
        return utf8(bytes, bytes.length);
    }

    /** Strict UTF-8: a replaced byte would hide a cut or mixed-up stream. */
    static String utf8(byte[] bytes, int length) throws IOException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
        } catch (CharacterCodingException e) {
            throw new IOException("the answer is not UTF-8", e);
        }
    }
}
