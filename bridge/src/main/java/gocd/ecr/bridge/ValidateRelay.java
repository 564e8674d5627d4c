package gocd.ecr.bridge;

import com.thoughtworks.go.plugin.api.response.DefaultGoPluginApiResponse;
import com.thoughtworks.go.plugin.api.response.GoPluginApiResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Relays one validate. Where the host cannot be asked, a server without Node for one, nothing is found wrong: a
 * pipeline must stay editable, and execute validates again.
 */
final class ValidateRelay {
    private static final int PATIENCE_MS = 15_000;

    private final HostPool pool;
    private final Log log;
    private String lastWarning = "";

    ValidateRelay(HostPool pool, Log log) {
        this.pool = pool;
        this.log = log;
    }

    GoPluginApiResponse answer(String body) {
        String answer;
        try {
            answer = ask((body == null ? "" : body).getBytes(StandardCharsets.UTF_8));
        } catch (BridgeFailure e) {
            warn(e.getMessage());
            answer = "{}";
        } catch (RuntimeException | Error e) {
            warn(e.toString());
            answer = "{}";
        }
        return new DefaultGoPluginApiResponse(200, answer);
    }

    /** Validate is pure, so it may be asked twice: the spare can end, of idleness or by a cancel, while it is asked. */
    private String ask(byte[] body) throws BridgeFailure {
        HostProcess host = pool.shared();
        try {
            return ask(host, body);
        } catch (BridgeFailure e) {
            if (host.alive()) {
                throw e;
            }
            return ask(pool.shared(), body);
        }
    }

    private static String ask(HostProcess host, byte[] body) throws BridgeFailure {
        try (HttpSocket socket = host.connect()) {
            socket.patience(PATIENCE_MS);
            HttpReply reply = socket.post("/task/1.0/validate",
                RequestHeaders.of(host.token, System.getProperties(), List.of()), body);
            if (reply.status != 200) {
                throw HostRefusal.of(reply);
            }
            return checked(reply.text(FrameReader.MAX_FRAME));
        } catch (IOException e) {
            throw host.failure("to validate", e);
        }
    }

    /** GoCD would answer the user's save with an error 500 for anything but {"errors":{"Key":"text"}} or {}. */
    private static String checked(String answer) throws BridgeFailure {
        try {
            Map<?, ?> object = JsonReader.parseObject(answer);
            Object errors = object.get("errors");
            if (errors == null && object.isEmpty() || errors instanceof Map && object.size() == 1
                && ((Map<?, ?>) errors).values().stream().allMatch(text -> text instanceof String)) {
                return answer;
            }
        } catch (JsonFault e) {
            throw new BridgeFailure("The task's process answered validate with something that is not JSON (" + e.getMessage() + ")", e);
        }
        throw new BridgeFailure("The task's process answered validate with something that the bridge does not know");
    }

    /** Once, not with every save, for as long as nothing changes. */
    private synchronized void warn(String reason) {
        if (!reason.equals(lastWarning)) {
            log.warn("validate: the fields were not checked, and are taken as they are. " + reason);
            lastWarning = reason;
        }
    }
}
