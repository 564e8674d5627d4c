package gocd.ecr.bridge;

/** A text is not JSON. The message never quotes the text: it may hold what the job's console must not show. */
public final class JsonFault extends Exception {
    JsonFault(String message) {
        super(message);
    }
}
