package com.thoughtworks.go.plugin.internal.api;

/** Stand-in for GoCD's own of go-plugin-api-internal, which Maven Central does not have; the methods Logger calls. */
public interface LoggingService {
    void debug(String pluginId, String loggerName, String message);

    void debug(String pluginId, String loggerName, String message, Throwable throwable);

    void debug(String pluginId, String loggerName, String message, Object arg1);

    void debug(String pluginId, String loggerName, String message, Object arg1, Object arg2);

    void debug(String pluginId, String loggerName, String message, Object... arguments);

    void info(String pluginId, String loggerName, String message);

    void info(String pluginId, String loggerName, String message, Throwable throwable);

    void info(String pluginId, String loggerName, String message, Object arg1);

    void info(String pluginId, String loggerName, String message, Object arg1, Object arg2);

    void info(String pluginId, String loggerName, String message, Object... arguments);

    void warn(String pluginId, String loggerName, String message);

    void warn(String pluginId, String loggerName, String message, Throwable throwable);

    void warn(String pluginId, String loggerName, String message, Object arg1);

    void warn(String pluginId, String loggerName, String message, Object arg1, Object arg2);

    void warn(String pluginId, String loggerName, String message, Object... arguments);

    void error(String pluginId, String loggerName, String message);

    void error(String pluginId, String loggerName, String message, Throwable throwable);

    void error(String pluginId, String loggerName, String message, Object arg1);

    void error(String pluginId, String loggerName, String message, Object arg1, Object arg2);

    void error(String pluginId, String loggerName, String message, Object... arguments);
}
