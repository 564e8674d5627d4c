package gocd.ecr.bridge.harness;

import com.thoughtworks.go.plugin.api.task.Console;
import com.thoughtworks.go.plugin.api.task.EnvironmentVariables;
import com.thoughtworks.go.plugin.api.task.JobConsoleLogger;
import com.thoughtworks.go.plugin.api.task.TaskExecutionContext;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What GoCD sets as JobConsoleLogger's static context during an execute (PluggableTaskContext). */
public final class ConsoleContext implements TaskExecutionContext, EnvironmentVariables, Console {
    private final Map<String, String> variables;
    private final Set<String> secure;
    private final Consumer<String> lines;

    public ConsoleContext(Map<String, String> variables, Set<String> secure, Consumer<String> lines) {
        this.variables = variables;
        this.secure = secure;
        this.lines = lines;
    }

    /** As GoCD's JobConsoleLoggerInternal; null is what its finally leaves. */
    public static void set(TaskExecutionContext context) {
        Setter.set(context);
    }

    @Override
    public EnvironmentVariables environment() {
        return this;
    }

    @Override
    public Console console() {
        return this;
    }

    @Override
    public String workingDir() {
        return "";
    }

    @Override
    public Map<String, String> asMap() {
        return variables;
    }

    @Override
    public void writeTo(Console console) {
        throw new UnsupportedOperationException("the plugin must not need it");
    }

    @Override
    public SecureEnvVarSpecifier secureEnvSpecifier() {
        return secure::contains; // GoCD's is a lambda too
    }

    @Override
    public void printLine(String line) {
        lines.accept(line);
    }

    @Override
    public void readErrorOf(InputStream in) {
        throw new UnsupportedOperationException("prints after execute has returned");
    }

    @Override
    public void readOutputOf(InputStream in) {
        throw new UnsupportedOperationException("prints after execute has returned");
    }

    @Override
    public void printEnvironment(Map<String, String> environment, SecureEnvVarSpecifier specifier) {
        throw new UnsupportedOperationException("shows the job's variables");
    }

    private static final class Setter extends JobConsoleLogger {
        static void set(TaskExecutionContext context) {
            JobConsoleLogger.context = context;
        }
    }
}
