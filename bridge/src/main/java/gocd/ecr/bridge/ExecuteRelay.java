package gocd.ecr.bridge;

import com.thoughtworks.go.plugin.api.response.DefaultGoPluginApiResponse;
import com.thoughtworks.go.plugin.api.response.GoPluginApiResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Relays one execute: its lines to the console, its response to GoCD. Always answers 200; a fault is a failed task. */
final class ExecuteRelay {
    /** security.md 6; the host would answer 413. */
    static final int MAX_BODY = 16 * 1024 * 1024;
    private static final int LAST_WORDS_MS = 5_000;

    private final HostPool pool;
    private final Log log;

    ExecuteRelay(HostPool pool, Log log) {
        this.pool = pool;
        this.log = log;
    }

    GoPluginApiResponse answer(String body) {
        TaskContext context = TaskContext.current();
        return answer(body, context.secureNames(), JobConsole.of(context, log));
    }

    GoPluginApiResponse answer(String body, List<String> secureNames, JobConsole console) {
        try {
            return reply(run(body == null ? "" : body, secureNames, console));
        } catch (BridgeFailure e) {
            if (e instanceof NodeMissing) {
                ((NodeMissing) e).lines().forEach(console::print);
            }
            log.warn("execute: " + e.getMessage());
            return reply(Outcome.failure(e.getMessage()));
        } catch (RuntimeException | Error e) {
            log.error("execute: " + e);
            return reply(Outcome.failure("The plugin's bridge met an error of its own: " + e));
        } finally {
            console.close();
        }
    }

    private Outcome run(String body, List<String> secureNames, JobConsole console) throws BridgeFailure {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BODY) {
            throw new BridgeFailure("The task's fields and the job's variables are larger than 16 MiB together");
        }
        // Closed last: the spare must not take its core from this task's last words either.
        try (SpareStart spare = new SpareStart(pool); HostLease lease = HostLease.open(pool, log)) {
            List<String> headers = RequestHeaders.of(lease.host.token, System.getProperties(), secureNames);
            try {
                HttpReply reply = lease.post("/task/1.0/execute", headers, bytes);
                spare.allow();
                if (reply.status != 200) {
                    throw HostRefusal.of(reply);
                }
                return pump(lease, new FrameReader(reply.body, FrameReader.MAX_FRAME), console);
            } catch (IOException e) {
                throw lease.host.failure("before it had said how the task went", e);
            }
        }
    }

    private static Outcome pump(HostLease lease, FrameReader frames, JobConsole console) throws IOException, BridgeFailure {
        for (Frame frame = frames.next(); frame != null; frame = frames.next()) {
            if (frame.response != null) {
                expectEnd(lease, frames);
                return frame.response;
            }
            console.print(frame.line);
        }
        throw lease.host.failure("before it had said how the task went", new IOException("its answer ended without a result"));
    }

    /** The response is the last frame. How the stream ends after it does not matter any more. */
    private static void expectEnd(HostLease lease, FrameReader frames) throws BridgeFailure {
        boolean ended;
        try {
            lease.answered(LAST_WORDS_MS);
            ended = frames.next() == null;
        } catch (IOException broken) {
            ended = true;
        }
        if (!ended) {
            throw new BridgeFailure("The task's process sent more after its response");
        }
    }

    private static GoPluginApiResponse reply(Outcome outcome) {
        return new DefaultGoPluginApiResponse(200, outcome.json());
    }
}
