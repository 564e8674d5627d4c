package gocd.ecr.bridge;

import com.thoughtworks.go.plugin.api.task.JobConsoleLogger;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What GoCD's static task context tells beyond the published API, by reflection: JobConsoleLogger.context is a
 * TaskExecutionContext { environment(): EnvironmentVariables { asMap(), secureEnvSpecifier() }, console() }, whose
 * classes are not in the published jar. Where a GoCD has none of it, nothing is known and nothing fails.
 */
final class TaskContext {
    private final Object context;

    private TaskContext(Object context) {
        this.context = context;
    }

    /** The context of the execute that this thread handles. */
    static TaskContext current() {
        try {
            Field field = JobConsoleLogger.class.getDeclaredField("context");
            field.setAccessible(true);
            return new TaskContext(field.get(null));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError unknown) {
            return new TaskContext(null);
        }
    }

    /** The names of the variables that GoCD marks secure. */
    List<String> secureNames() {
        List<String> names = new ArrayList<>();
        try {
            Object environment = call(context, "environment");
            Object specifier = call(environment, "secureEnvSpecifier");
            Method isSecure = method(specifier.getClass(), "isSecure", String.class);
            for (Object name : ((Map<?, ?>) call(environment, "asMap")).keySet()) {
                if (Boolean.TRUE.equals(isSecure.invoke(specifier, name))) {
                    names.add((String) name);
                }
            }
        } catch (ReflectiveOperationException | RuntimeException | LinkageError unknown) {
            return List.of();
        }
        return names;
    }

    /** This job's console itself: unlike the static logger it outlives an on-cancel task of our own kind. */
    Optional<Consumer<String>> console() {
        try {
            Object console = call(context, "console");
            Method printLine = method(console.getClass(), "printLine", String.class);
            return Optional.of(line -> {
                try {
                    printLine.invoke(console, line);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e.getCause() == null ? e : e.getCause());
                }
            });
        } catch (ReflectiveOperationException | RuntimeException | LinkageError unknown) {
            return Optional.empty();
        }
    }

    private static Object call(Object target, String name) throws ReflectiveOperationException {
        return method(target.getClass(), name).invoke(target);
    }

    /** The method as a public interface declares it: the class that implements it may be a lambda's. */
    private static Method method(Class<?> type, String name, Class<?>... parameters) throws NoSuchMethodException {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Class<?> face : at.getInterfaces()) {
                try {
                    Method method = face.getMethod(name, parameters);
                    method.setAccessible(true);
                    return method;
                } catch (NoSuchMethodException elsewhere) {
                    // The next one.
                }
            }
        }
        throw new NoSuchMethodException(name);
    }
}
