package gocd.ecr.bridge.harness;

import com.thoughtworks.go.plugin.internal.api.LoggingService;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The plugin's log in a file, one line for each message: "LEVEL message". */
final class FileLogging {
    private FileLogging() {
    }

    static LoggingService to(Path file) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return method.invoke(file, arguments);
            }
            append(file, method.getName().toUpperCase(java.util.Locale.ROOT) + " " + arguments[2] + "\n");
            return null;
        };
        return (LoggingService) Proxy.newProxyInstance(FileLogging.class.getClassLoader(),
            new Class<?>[] {LoggingService.class}, handler);
    }

    private static synchronized void append(Path file, String line) throws IOException {
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
