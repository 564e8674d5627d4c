package gocd.ecr.bridge;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/** One child process `node plugin.cjs serve`, from its start line to its port. */
final class HostProcess {
    private static final int CONNECT_TIMEOUT_MS = 15_000;

    final Token token = Token.random();
    private final Process process;
    private final long startDeadline;
    private final long startLimitMs;
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Thread errors;
    private final Leftovers leftovers = new Leftovers();
    /** It was started for a later execute and may have ended of idleness when that came. */
    boolean wasSpare;
    private volatile String forced;

    HostProcess(Process process, String cwd, Map<String, String> environment, long startLimitMs, Log log) {
        this.process = process;
        this.startLimitMs = startLimitMs;
        this.startDeadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(startLimitMs);
        String startLine = StartLine.of(token, cwd, environment);
        HostLog hostLog = new HostLog("host " + process.pid(), token, log);
        errors = daemon("stderr", () -> hostLog.drain(process.getErrorStream()));
        daemon("stdout", () -> converse(startLine, hostLog));
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Runs the action with the exit code once the process has ended. */
    void onExit(IntConsumer action) {
        process.onExit().thenAccept(ended -> action.accept(ended.exitValue()));
    }

    /** Tells it to end, as GoCD's cancel does. By its handle: Process.destroy() would also cut off its last words. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** A socket to the host on which it has proved itself. Waits for the start, 15 s at most. */
    HttpSocket connect() throws BridgeFailure {
        int number = awaitPort();
        HttpSocket socket = null;
        try {
            socket = new HttpSocket(number, CONNECT_TIMEOUT_MS);
            HostProof.demand(socket, number, token);
            return socket;
        } catch (IOException | BridgeFailure e) {
            close(socket);
            throw e instanceof BridgeFailure && alive() ? (BridgeFailure) e : failure("before it was asked anything", e);
        }
    }

    /** Why the host does not answer, told from its exit code if it has ended. */
    BridgeFailure failure(String when, Throwable cause) {
        Integer exitCode = exitCode(2_000);
        if (forced != null) {
            return new Cancelled(forced);
        }
        return exitCode != null
            ? ExitCause.failure(exitCode, when)
            : new BridgeFailure("The task's process does not answer " + when + ": " + cause.getMessage(), cause);
    }

    /** Kills the process and all that it started; the text says why to the job. */
    void force(String reason) {
        forced = reason;
        Leftovers.killTree(process);
    }

    /** The exit code, or null if the process is still there after that time. */
    Integer exitCode(long withinMs) {
        try {
            return process.waitFor(withinMs, TimeUnit.MILLISECONDS) ? process.exitValue() : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Ends the process: the end of its stdin tells it, and what is left after that time is killed. */
    void end(long graceMs) {
        noteDescendants();
        hangUp();
        if (exitCode(graceMs) == null) {
            Leftovers.killTree(process);
        }
        leftovers.kill();
        try {
            errors.join(1_000); // its last words belong to this job's part of the log
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Remembers what it has started, for as long as it lives to tell: dead, its children are init's. */
    void noteDescendants() {
        leftovers.note(process);
    }

    void hangUp() {
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            // Then it cannot read it either.
        }
    }

    private int awaitPort() throws BridgeFailure {
        try {
            long left = startDeadline - System.nanoTime();
            return port.get(Math.max(left, 1), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            Leftovers.killTree(process);
            throw new BridgeFailure("The task's process did not start within " + startLimitMs / 1000 + " s. The agent's machine "
                + "may be too busy; plugin-gocd-ecr-task.log has what the process said", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BridgeFailure("The task was interrupted while its process started", e);
        } catch (ExecutionException e) {
            throw failure("while it started", e.getCause());
        }
    }

    private void converse(String startLine, HostLog hostLog) {
        try {
            OutputStream out = process.getOutputStream();
            out.write(startLine.getBytes(StandardCharsets.UTF_8));
            out.flush(); // and stays open: its end is the host's sign that we are gone
            InputStream in = new BufferedInputStream(process.getInputStream());
            port.complete(PortLine.read(in));
            hostLog.drain(in);
        } catch (IOException | RuntimeException e) {
            port.completeExceptionally(e);
        }
    }

    private static void close(HttpSocket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException alreadyBroken) {
            // Nothing was sent over it.
        }
    }

    private Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, "gocd-ecr-task " + process.pid() + " " + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
