package gocd.ecr.bridge;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a child has started, and may leave behind. */
final class Leftovers {
    private static final long GRACE_MS = 500;
    private final Set<ProcessHandle> descendants = new LinkedHashSet<>();

    void note(Process process) {
        process.descendants().forEach(descendants::add);
    }

    /** Kills what outlived its parent, after a moment to end by itself. */
    void kill() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GRACE_MS);
        for (ProcessHandle handle : descendants) {
            try {
                handle.onExit().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                handle.destroyForcibly();
            } catch (ExecutionException | TimeoutException late) {
                handle.destroyForcibly();
            }
        }
    }

    /** Kills a process with all below it, these first: a dead parent would hide them. */
    static void killTree(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
    }
}
