package gocd.ecr.bridge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The bridge over the fake host, with all that a test wants to see of it. */
final class FakePlugin implements AutoCloseable {
    private static final Path FOLDER = makeFolder();

    final Map<String, String> environment = new HashMap<>(Map.of("PATH", System.getenv("PATH"), "HOME", "/nonexistent"));
    final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    final MemoryLog log = new MemoryLog();
    final HostPool pool;

    private FakePlugin(Map<String, String> more, long startLimitMs, long cancelLimitMs) {
        environment.putAll(more);
        pool = new HostPool(new HostStarter(FakePlugin::folder, environment, name -> null, startLimitMs, log), cancelLimitMs, 2_000, log);
    }

    static FakePlugin with(Map<String, String> environment) {
        return new FakePlugin(environment, 15_000, 30_000);
    }

    static FakePlugin impatient(Map<String, String> environment, long startLimitMs, long cancelLimitMs) {
        return new FakePlugin(environment, startLimitMs, cancelLimitMs);
    }

    /** GoCD's answer to an execute that makes the host take these steps. */
    String execute(String... steps) {
        return executeBody("{\"steps\":[" + String.join(",", steps) + "]}", List.of());
    }

    String executeBody(String body, List<String> secureNames) {
        return new ExecuteRelay(pool, log).answer(body, secureNames, new JobConsole(lines::add, log)).responseBody();
    }

    @Override
    public void close() {
        pool.close();
    }

    /** A folder with the fake host as plugin.cjs. */
    static Path folder() {
        return FOLDER;
    }

    private static Path makeFolder() {
        try (InputStream script = FakePlugin.class.getResourceAsStream("/fake-host.cjs")) {
            Path folder = Files.createDirectories(Paths.get("target", "fake-bundle")).toAbsolutePath();
            Files.copy(script, folder.resolve("plugin.cjs"), StandardCopyOption.REPLACE_EXISTING);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
