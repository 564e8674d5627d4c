package gocd.ecr.bridge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The host's proof, on this very socket, that it knows the token. After a cancel the port may belong to another
 * user of the machine, who must see neither the token nor the request.
 */
final class HostProof {
    private static final int MAX_ANSWER = 1024;

    private HostProof() {
    }

    static void demand(HttpSocket socket, int port, Token token) throws IOException, BridgeFailure {
        String nonce = Token.random().hex();
        HttpReply reply = socket.post("/hello", List.of(), ("{\"nonce\":\"" + nonce + "\"}").getBytes(StandardCharsets.US_ASCII));
        if (reply.status != 200 || !proves(reply.text(MAX_ANSWER), of(nonce, port, token))) {
            throw new BridgeFailure("Whoever listens on 127.0.0.1:" + port + " is not the task's process: it does not know "
                + "the token. Nothing was sent to it. Run the job again; if this comes back, look for a program on the "
                + "agent's machine that takes over local ports");
        }
    }

    /** HMAC-SHA256 over nonce and port, in hex, its key the token's raw bytes. */
    static String of(String nonce, int port, Token token) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(token.bytes(), "HmacSHA256"));
            return Token.hex(mac.doFinal((nonce + ":" + port).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has HmacSHA256
        }
    }

    private static boolean proves(String answer, String wanted) {
        try {
            Map<?, ?> object = JsonReader.parseObject(answer);
            return MessageDigest.isEqual(String.valueOf(object.get("proof")).getBytes(StandardCharsets.UTF_8),
                wanted.getBytes(StandardCharsets.UTF_8));
        } catch (JsonFault e) {
            return false;
        }
    }
}
