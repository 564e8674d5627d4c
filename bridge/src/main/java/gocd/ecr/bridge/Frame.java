package gocd.ecr.bridge;

import java.util.Map;
import java.util.Set;

/** One frame of an execute reply: a line of the console, or the response that ends it. */
final class Frame {
    final String line;
    final Outcome response;

    private Frame(String line, Outcome response) {
        this.line = line;
        this.response = response;
    }

    /** Parsed by structure, so that text inside a line can never be a response. */
    static Frame parse(String json) throws BridgeFailure {
        Map<?, ?> frame;
        try {
            frame = JsonReader.parseObject(json);
        } catch (JsonFault e) {
            throw new BridgeFailure("The task's process sent a frame that is not JSON (" + e.getMessage() + ")", e);
        }
        Object line = frame.get("line");
        Object response = frame.get("response");
        if (frame.size() == 1 && line instanceof String) {
            return new Frame((String) line, null);
        }
        if (frame.size() == 1 && response instanceof Map) {
            return new Frame(null, outcome((Map<?, ?>) response));
        }
        throw new BridgeFailure("The task's process sent a frame that the bridge does not know");
    }

    private static Outcome outcome(Map<?, ?> response) throws BridgeFailure {
        Object success = response.get("success");
        Object message = response.get("message");
        boolean known = Set.of("success", "message").containsAll(response.keySet());
        if (!known || !(success instanceof Boolean) || message != null && !(message instanceof String)) {
            throw new BridgeFailure("The task's process sent a response that the bridge does not know");
        }
        return new Outcome((Boolean) success, message == null ? "" : (String) message);
    }
}
