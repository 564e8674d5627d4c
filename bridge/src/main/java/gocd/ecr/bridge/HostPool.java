package gocd.ecr.bridge;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The child processes: one for each execute, and one unused spare, which is warm when the next execute comes. A
 * process that has served an execute never serves another (security.md 4); validate is pure and may use the spare.
 */
final class HostPool {
    /** Design.md 5: a cancelled task answers within 10 s; three times that is a process that hangs. */
    static final long CANCEL_LIMIT_MS = 30_000;
    /** Docker gives a container's PID 1 ten seconds to stop; our children should have ended before. */
    static final long SHUTDOWN_LIMIT_MS = 8_000;

    private final HostStarter starter;
    private final long cancelLimitMs;
    private final long shutdownLimitMs;
    private final Set<HostProcess> all = ConcurrentHashMap.newKeySet();
    private final Set<HostProcess> running = ConcurrentHashMap.newKeySet();
    private final Log log;
    private HostProcess spare;
    private volatile boolean closed;

    HostPool(HostStarter starter, long cancelLimitMs, long shutdownLimitMs, Log log) {
        this.starter = starter;
        this.shutdownLimitMs = shutdownLimitMs;
        this.cancelLimitMs = cancelLimitMs;
        this.log = log;
    }

    /** A process for one execute: the spare if it lives, else a new one. */
    synchronized HostProcess take() throws BridgeFailure {
        HostProcess host = spare != null && spare.alive() ? spare : start();
        host.wasSpare = host == spare;
        spare = null;
        running.add(host);
        return host;
    }

    /** The spare, for a validate; started if there is none. It stays the spare. */
    synchronized HostProcess shared() throws BridgeFailure {
        if (spare == null || !spare.alive()) {
            spare = start();
        }
        return spare;
    }

    /** Starts a spare for the next execute, and has it prove itself once: the first answer of a process is its slowest. */
    void warm() {
        HostProcess host = null;
        try {
            host = shared();
            host.connect().close();
        } catch (BridgeFailure | IOException e) {
            if (!closed && (host == null || isSpare(host))) {
                log.warn("No spare process could be started: " + e.getMessage());
            }
        }
    }

    private synchronized boolean isSpare(HostProcess host) {
        return host == spare;
    }

    /** Ends a process that has served its execute, with all that it has left behind. */
    void finish(HostProcess host, long graceMs) {
        running.remove(host);
        host.end(graceMs);
        all.remove(host);
    }

    /** Ends everything. For the JVM's end and the plugin's; running tasks get a moment to clean up. */
    void close() {
        closed = true;
        all.forEach(HostPool::terminate);
        long deadline = System.nanoTime() + shutdownLimitMs * 1_000_000;
        for (HostProcess host : all) {
            long leftMs = Math.max(0, (deadline - System.nanoTime()) / 1_000_000);
            if (host.exitCode(leftMs) == null) {
                host.force("Cancelled: the agent is stopping, and the task's process did not end within "
                    + shutdownLimitMs / 1000 + " s");
            }
        }
        starter.close();
    }

    private HostProcess start() throws BridgeFailure {
        if (closed) {
            throw new Cancelled("Cancelled: the agent is stopping");
        }
        HostProcess host = starter.start();
        all.add(host);
        host.onExit(code -> ended(host, code));
        if (closed) { // close() may not have seen it
            terminate(host);
        }
        return host;
    }

    /**
     * GoCD's cancel is a SIGTERM to every descendant of the agent, and nothing tells us but their deaths. A spare
     * that dies of it while a task runs is the sign that the task got it too, and that its time to answer runs.
     */
    private synchronized void ended(HostProcess host, int exitCode) {
        all.remove(host);
        if (host == spare && !closed && ExitCause.signal(exitCode) == ExitCause.SIGTERM) {
            running.forEach(cancelled -> new CancelLimit(cancelled, cancelLimitMs).start());
        }
    }

    private static void terminate(HostProcess host) {
        host.hangUp();
        host.terminate();
    }
}
