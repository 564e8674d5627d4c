package gocd.ecr.bridge;

/** How a task ended. */
final class Outcome {
    final boolean success;
    final String message;

    Outcome(boolean success, String message) {
        this.success = success;
        // GoCD prints a failure's message as the job's last line, and "null" where there is none.
        this.message = success || !message.isBlank() ? message : "The task failed without saying why";
    }

    static Outcome failure(String message) {
        return new Outcome(false, message);
    }

    /** GoCD's body for it: "success" must be a real boolean (JsonBasedTaskExtensionHandler_V1). */
    String json() {
        return "{\"success\":" + success + ",\"message\":" + JsonText.quote(message) + "}";
    }
}
