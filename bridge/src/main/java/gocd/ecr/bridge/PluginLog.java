package gocd.ecr.bridge;

import com.thoughtworks.go.plugin.api.logging.Logger;

/** GoCD's plugin log, plugin-gocd-ecr-task.log. */
final class PluginLog implements Log {
    private final Logger logger = Logger.getLoggerFor(EcrTaskPlugin.class);

    @Override
    public void debug(String message) {
        logger.debug(message);
    }

    @Override
    public void info(String message) {
        logger.info(message);
    }

    @Override
    public void warn(String message) {
        logger.warn(message);
    }

    @Override
    public void error(String message) {
        logger.error(message);
    }
}
