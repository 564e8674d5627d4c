package gocd.ecr.bridge;

/** Where the bridge writes what is for the administrator, not for the job's console. */
interface Log {
    void debug(String message);

    void info(String message);

    void warn(String message);

    void error(String message);
}
