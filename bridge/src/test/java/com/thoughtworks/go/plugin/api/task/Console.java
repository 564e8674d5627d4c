package com.thoughtworks.go.plugin.api.task;

import java.io.InputStream;
import java.util.Map;

/** Stand-in for GoCD's own, same signatures. */
public interface Console {
    void printLine(String line);

    void readErrorOf(InputStream in);

    void readOutputOf(InputStream in);

    void printEnvironment(Map<String, String> environment, SecureEnvVarSpecifier secureEnvVarSpecifier);

    /** Which variables GoCD marks secure. */
    interface SecureEnvVarSpecifier {
        boolean isSecure(String variableName);
    }
}
