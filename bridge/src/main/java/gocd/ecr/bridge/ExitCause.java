package gocd.ecr.bridge;

import java.util.Map;

/** What an exit code says: Java reports death by a signal as 128 + its number, and shells and Node's handlers do too. */
final class ExitCause {
    static final int SIGTERM = 15;
    static final int SIGKILL = 9;
    private static final Map<Integer, String> NAMES = Map.of(
        1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", SIGKILL, "SIGKILL",
        11, "SIGSEGV", SIGTERM, "SIGTERM");

    private ExitCause() {
    }

    /** The signal's number, or 0 for an ordinary exit. */
    static int signal(int exitCode) {
        return exitCode > 128 && exitCode <= 128 + 64 ? exitCode - 128 : 0;
    }

    /** The failure to tell of a host that ended before it had answered. */
    static BridgeFailure failure(int exitCode, String when) {
        int signal = signal(exitCode);
        String name = NAMES.getOrDefault(signal, "signal " + signal);
        switch (signal) {
            case 0:
                return new BridgeFailure("The task's process ended with exit code " + exitCode + " " + when
                    + ". The agent's plugin log, plugin-gocd-ecr-task.log, has what it said last");
            case 1: case 2: case 3: case SIGTERM:
                return new Cancelled("Cancelled: the task's process was ended by " + name + " " + when);
            case SIGKILL:
                return new Cancelled("Cancelled: the task's process was killed by " + name + " " + when
                    + ". If nobody did that, the machine has run out of memory");
            default:
                return new Cancelled("The task's process crashed with " + name + " " + when
                    + ". The agent's plugin log, plugin-gocd-ecr-task.log, has what it said last");
        }
    }
}
