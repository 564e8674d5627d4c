package gocd.ecr.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The HTTP client over a real socket, against a server that says what it is told, byte by byte. */
class HttpTest {
    private static final String CHUNKED = "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n";

    /** What the client makes of this answer: "status body" or the error. */
    private static String read(String answer, int limit) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> serve(server, answer));
            try (HttpSocket socket = new HttpSocket(server.getLocalPort(), 5_000)) {
                HttpReply reply = socket.post("/x", List.of("A: b"), new byte[0]);
                return reply.status + " " + reply.text(limit);
            } catch (IOException e) {
                return e.getMessage();
            } finally {
                served.join();
            }
        }
    }

    private static void serve(ServerSocket server, String answer) {
        try (Socket socket = server.accept()) {
            byte[] request = new byte[4096];
            StringBuilder seen = new StringBuilder();
            while (!seen.toString().endsWith("\r\n\r\n")) {
                seen.append(new String(request, 0, socket.getInputStream().read(request), StandardCharsets.US_ASCII));
            }
            for (byte b : answer.getBytes(StandardCharsets.ISO_8859_1)) {
                socket.getOutputStream().write(b);
                socket.getOutputStream().flush();
            }
        } catch (IOException hungUp) {
            // What the client made of the answer so far is what counts.
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi|200 hi",
        "HTTP/1.1 404 \\r\\ncontent-length:0\\r\\n\\r\\n|404",
        CHUNKED + "2\\r\\nhi\\r\\n3;x=y\\r\\n th\\r\\nA\\r\\nere, world\\r\\n0\\r\\nT: x\\r\\n\\r\\n|200 hi there, world",
        CHUNKED + "2\\r\\nhi\\r\\n|the answer ends too early",
        CHUNKED + "5\\r\\nhi|the answer ends too early",
        CHUNKED + "2\\r\\nhix\\r\\n0\\r\\n\\r\\n|the answer has a malformed chunk",
        CHUNKED + "-2\\r\\nhi\\r\\n|the answer has a malformed chunk",
        CHUNKED + "fffffffff\\r\\n|the answer has a malformed chunk",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhi|the answer ends too early",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nContent-Length: 2\\r\\n\\r\\nhi|the answer does not say how long its body is",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nhi|the answer does not say how long its body is",
        "HTTP/1.1 200 OK\\r\\n\\r\\nhi|the answer does not say how long its body is",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 17\\r\\n\\r\\n12345678901234567|the answer is longer than 16 bytes",
        "HTTP/1.1 200 OK\\r\\nno header\\r\\n\\r\\n|the answer has malformed headers",
        "SSH-2.0-OpenSSH\\r\\n|the answer is not HTTP/1.1",
        "HTTP/1.0 200 OK\\r\\n\\r\\n|the answer is not HTTP/1.1",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\n\\r\\n\\u00ff|the answer is not UTF-8",
    })
    void readsWhatIsRightAndNothingElse(String answer, String result) throws Exception {
        String bytes = answer.replace("\\r", "\r").replace("\\n", "\n").replace("\\u00ff", "\u00ff");
        assertEquals(result, read(bytes, 16 + (result.startsWith("200 hi there") ? 10 : 0)).strip());
    }

    @Test
    void aHeaderLineHasALimit() throws Exception {
        assertEquals("the answer has a header line of more than 16384 bytes", read("HTTP/1.1 200 OK\r\nA: " + "x".repeat(16_400), 1));
    }

    @Test
    void theProofIsAnHmacOfNonceAndPort() throws Exception {
        Token token = Token.random();
        Process node = new ProcessBuilder("node", "-p", "require('crypto').createHmac('sha256',Buffer.from('" + token.hex()
            + "','hex')).update('00ff:4711').digest('hex')").start();
        assertEquals(new String(node.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip(), HostProof.of("00ff", 4711, token));
        assertEquals("****", token.toString());
        assertTrue(token.hex().matches("[0-9a-f]{64}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"port\":1}|1", "{\"pid\":3,\"port\":65535,\"version\":\"x\"}|65535",
    })
    void readsThePortLine(String line, int port) throws IOException {
        assertEquals(port, PortLine.parse(line));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"{}", "{\"port\":\"1\"}", "{\"port\":0}", "{\"port\":65536}", "{\"port\":1.5}", "7", "x"})
    void refusesAnyOtherFirstLine(String line) {
        assertEquals("its first line does not say on which port it listens",
            assertThrows(IOException.class, () -> PortLine.parse(line)).getMessage());
    }
}
