package com.thoughtworks.go.plugin.api.task;

import java.util.Map;

/** Stand-in for GoCD's own, same signatures. */
public interface EnvironmentVariables {
    Map<String, String> asMap();

    void writeTo(Console console);

    Console.SecureEnvVarSpecifier secureEnvSpecifier();
}
