package gocd.ecr.bridge;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Starts the next spare, but not beside the first moments of a task: loading and warming a process takes a core for most
 * of a second, and a task with nothing to rebuild is over in less. Closing it, at the task's end, ends the wait.
 */
final class SpareStart implements AutoCloseable {
    static final long DELAY_MS = 1_000;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final HostPool pool;

    SpareStart(HostPool pool) {
        this.pool = pool;
    }

    /** From here on there will be a spare: a host of this agent does start and answer. */
    void allow() {
        Thread thread = new Thread(() -> {
            try {
                ended.await(DELAY_MS, TimeUnit.MILLISECONDS);
                pool.warm();
            } catch (InterruptedException nobodyDoes) {
                Thread.currentThread().interrupt();
            }
        }, "gocd-ecr-task spare");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
