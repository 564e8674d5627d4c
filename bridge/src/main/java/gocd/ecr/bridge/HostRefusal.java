package gocd.ecr.bridge;

import java.io.IOException;

/** What a reply that is not 200 means to the reader. */
final class HostRefusal {
    private static final int MAX_TEXT = 64 * 1024;
    private static final int SHOWN = 500;

    private HostRefusal() {
    }

    static BridgeFailure of(HttpReply reply) {
        String said = said(reply);
        return new BridgeFailure("The task's process refused the request: " + meaning(reply.status)
            + " (HTTP " + reply.status + ")" + (said.isEmpty() ? "" : ". It said: " + said));
    }

    private static String meaning(int status) {
        switch (status) {
            case 400: return "it is malformed";
            case 401: return "it does not accept the bridge's token";
            case 404: return "it does not know this request";
            case 413: return "it is larger than 16 MiB";
            case 431: return "the gocd.ecr.* properties and the names of secure variables are too long";
            default: return status >= 500 ? "it met an error of its own" : "for an unknown reason";
        }
    }

    private static String said(HttpReply reply) {
        try {
            String text = reply.text(MAX_TEXT).replaceAll("\\p{Cntrl}+", " ").strip();
            return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        } catch (IOException unreadable) {
            return "";
        }
    }
}
