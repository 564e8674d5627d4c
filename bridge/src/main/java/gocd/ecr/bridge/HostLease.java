package gocd.ecr.bridge;

import java.io.IOException;
import java.util.List;

/** A process taken for one execute, with the socket on which it has proved itself. Closing it ends the process. */
final class HostLease implements AutoCloseable {
    /** A host that has answered ends by itself; one that broke off may first clean up (within 10 s). */
    private static final long ANSWERED_GRACE_MS = 5_000;
    private static final long CLEANUP_GRACE_MS = 10_000;

    private final HostPool pool;
    private final HttpSocket socket;
    final HostProcess host;
    private long graceMs = CLEANUP_GRACE_MS;

    private HostLease(HostPool pool, HostProcess host) throws BridgeFailure {
        this.pool = pool;
        this.host = host;
        this.socket = connect();
    }

    /**
     * Takes the spare or a new process. A spare that turns out to have ended of itself is replaced, once, as nothing
     * was sent to it yet; one that was ended by a signal is the cancel and stays the end.
     */
    static HostLease open(HostPool pool, Log log) throws BridgeFailure {
        HostProcess host = pool.take();
        try {
            return new HostLease(pool, host);
        } catch (BridgeFailure e) {
            if (e instanceof Cancelled || !host.wasSpare) {
                throw e;
            }
            log.info("The spare process is of no use (" + e.getMessage() + "); a new one takes the job");
        }
        return new HostLease(pool, pool.take());
    }

    HttpReply post(String path, List<String> headers, byte[] body) throws IOException {
        socket.patience(0); // a build may take hours; GoCD's own timeout is a cancel
        return socket.post(path, headers, body);
    }

    /** From here on the process has nothing left to do. */
    void answered(int patienceMs) throws IOException {
        graceMs = ANSWERED_GRACE_MS;
        host.noteDescendants();
        socket.patience(patienceMs);
    }

    @Override
    public void close() {
        try {
            socket.close(); // a host that still works takes this for the cancel
        } catch (IOException alreadyBroken) {
            // The process is ended all the same.
        }
        pool.finish(host, graceMs);
    }

    private HttpSocket connect() throws BridgeFailure {
        boolean connected = false;
        try {
            HttpSocket open = host.connect();
            connected = true;
            return open;
        } finally {
            if (!connected) {
                pool.finish(host, 0);
            }
        }
    }
}
