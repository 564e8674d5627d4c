package com.thoughtworks.go.plugin.api.task;

/** Stand-in for GoCD's own, which the published go-plugin-api refers to and does not hold. Same signatures. */
public interface TaskExecutionContext {
    EnvironmentVariables environment();

    Console console();

    String workingDir();
}
