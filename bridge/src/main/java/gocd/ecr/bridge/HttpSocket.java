package gocd.ecr.bridge;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One kept-alive socket to the host on loopback. A raw one: java.net.http.HttpClient follows the agent's proxy
 * settings, and cannot promise that two requests share a socket.
 */
final class HttpSocket implements Closeable {
    private final Socket socket = new Socket(Proxy.NO_PROXY);
    private final InputStream in;
    private final OutputStream out;

    HttpSocket(int port, int timeoutMs) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), timeoutMs);
            socket.setSoTimeout(timeoutMs);
            in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            out = socket.getOutputStream();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** How long a read may wait; 0 is for ever. */
    void patience(int timeoutMs) throws IOException {
        socket.setSoTimeout(timeoutMs);
    }

    HttpReply post(String path, List<String> headers, byte[] body) throws IOException {
        try {
            out.write(head(path, headers, body.length));
            out.write(body);
            out.flush();
        } catch (IOException broken) {
            return refusal(broken);
        }
        return reply();
    }

    private byte[] head(String path, List<String> headers, int length) {
        StringBuilder head = new StringBuilder("POST ").append(path).append(" HTTP/1.1\r\n")
            .append("Host: 127.0.0.1:").append(socket.getPort()).append("\r\n")
            .append("Connection: keep-alive\r\n")
            .append("Content-Type: application/json\r\n")
            .append("Content-Length: ").append(length).append("\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** A host that refuses a request may answer and close before it has read all of it. */
    private HttpReply refusal(IOException broken) throws IOException {
        try {
            return reply();
        } catch (IOException nothing) {
            throw broken;
        }
    }

    private HttpReply reply() throws IOException {
        HttpHead head = HttpHead.read(in);
        return new HttpReply(head.status, head.header("content-type"), HttpBody.of(head, in));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
