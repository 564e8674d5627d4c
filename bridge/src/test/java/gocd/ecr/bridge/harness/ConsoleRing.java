package gocd.ecr.bridge.harness;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.Consumer;

/** The agent's buffer between job and server (ConsoleOutputTransmitter): a ring, emptied every ten seconds. */
final class ConsoleRing implements Consumer<String>, AutoCloseable {
    static final int CAPACITY = 10 * 1024;
    private static final long PERIOD_MS = 10_000;

    private final Deque<String> ring = new ArrayDeque<>();
    private final Consumer<String> server;
    private final Timer timer = new Timer("console ring", true);

    ConsoleRing(Consumer<String> server) {
        this.server = server;
        timer.schedule(new TimerTask() {
            @Override
            public void run() {
                drain();
            }
        }, PERIOD_MS, PERIOD_MS);
    }

    @Override
    public synchronized void accept(String line) {
        if (ring.size() == CAPACITY) {
            ring.removeFirst(); // silently, as GoCD does (issue #1196)
        }
        ring.addLast(line);
    }

    synchronized void drain() {
        List<String> lines = new ArrayList<>(ring);
        ring.clear();
        lines.forEach(server);
    }

    @Override
    public void close() {
        timer.cancel();
        drain();
    }
}
