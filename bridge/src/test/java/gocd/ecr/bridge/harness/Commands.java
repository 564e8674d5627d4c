package gocd.ecr.bridge.harness;

import com.thoughtworks.go.plugin.api.response.GoPluginApiResponse;
import gocd.ecr.bridge.JsonFault;
import gocd.ecr.bridge.JsonReader;
import gocd.ecr.bridge.JsonText;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What an agent is told to do, one JSON object each, and its answers. */
final class Commands {
    private final LoadedPlugin plugin;
    private final boolean ring;
    private final Consumer<String> events;

    Commands(LoadedPlugin plugin, boolean ring, Consumer<String> events) {
        this.plugin = plugin;
        this.ring = ring;
        this.events = events;
    }

    /** Obeys one command; false after the last. Requests run in threads of their own, as an agent's job does. */
    boolean obey(String line) throws JsonFault {
        Map<?, ?> command = JsonReader.parseObject(line);
        Object id = command.get("id");
        String what = String.valueOf(command.get("do"));
        switch (what) {
            case "configuration": case "view": run(id, () -> ask(what, null)); return true;
            case "validate": run(id, () -> ask(what, text(command, "body"))); return true;
            case "request": run(id, () -> ask(text(command, "name"), text(command, "body"))); return true;
            case "execute": run(id, () -> execute(id, command)); return true;
            case "cancel": emit(id, "cancelled", cancel()); return true;
            case "descendants": emit(id, "descendants", pids(handles())); return true;
            case "properties": setProperties(command); emit(id, "done", "true"); return true;
            case "unload": run(id, this::unload); return true;
            case "quit": return false;
            default: emit(id, "error", JsonText.quote("unknown command " + what)); return true;
        }
    }

    private interface Request {
        String answer() throws Exception;
    }

    private void run(Object id, Request request) {
        new Thread(() -> {
            try {
                emit(id, "reply", request.answer());
            } catch (Exception | Error e) {
                emit(id, "error", JsonText.quote(String.valueOf(e)));
            }
        }, "request " + id).start();
    }

    private String ask(String name, String body) throws Exception {
        GoPluginApiResponse response = plugin.ask(name, body);
        return response == null ? "null" : "{\"code\":" + response.responseCode() + ",\"body\":"
            + (response.responseBody() == null ? "null" : JsonText.quote(response.responseBody())) + "}";
    }

    /** The order of PluggableTaskBuilder: set the context, ask for the configuration, execute, null the context. */
    private String execute(Object id, Map<?, ?> command) throws Exception {
        String body = text(command, "body");
        Consumer<String> server = line -> emit(id, "line", JsonText.quote(line));
        ConsoleRing buffer = ring ? new ConsoleRing(server) : null;
        ConsoleContext.set(new ConsoleContext(variables(body), names(command.get("secure")), ring ? buffer : server));
        try {
            String configuration = plugin.ask("configuration", null).responseBody();
            boolean asIs = Boolean.FALSE.equals(command.get("rebuild"));
            return ask("execute", asIs ? body : TaskConfig.rebuilt(body, configuration));
        } finally {
            ConsoleContext.set(null);
            if (ring) {
                buffer.close();
            }
        }
    }

    private String unload() throws Exception {
        plugin.unload();
        return "{\"code\":200,\"body\":null}";
    }

    /** BuilderForKillAllChildTask: SIGTERM to every descendant, once. */
    private static String cancel() {
        List<ProcessHandle> handles = handles();
        handles.forEach(ProcessHandle::destroy);
        return pids(handles);
    }

    private static List<ProcessHandle> handles() {
        return ProcessHandle.current().descendants().collect(Collectors.toList());
    }

    private static String pids(List<ProcessHandle> handles) {
        return handles.stream().map(handle -> Long.toString(handle.pid())).collect(Collectors.joining(",", "[", "]"));
    }

    private static void setProperties(Map<?, ?> command) {
        if (command.get("set") instanceof Map) {
            ((Map<?, ?>) command.get("set")).forEach((key, value) -> System.setProperty((String) key, (String) value));
        }
        names(command.get("clear")).forEach(System::clearProperty);
    }

    private static Map<String, String> variables(String body) {
        Map<String, String> variables = new LinkedHashMap<>();
        try {
            Map<?, ?> context = (Map<?, ?>) JsonReader.parseObject(body).get("context");
            ((Map<?, ?>) context.get("environmentVariables"))
                .forEach((key, value) -> variables.put((String) key, (String) value));
        } catch (JsonFault | RuntimeException malformed) {
            // A body that is sent as it is may be anything.
        }
        return variables;
    }

    private static Set<String> names(Object list) {
        Set<String> names = new HashSet<>();
        if (list instanceof List) {
            ((List<?>) list).forEach(name -> names.add((String) name));
        }
        return names;
    }

    private static String text(Map<?, ?> command, String key) {
        Object value = command.get(key);
        return value instanceof String ? (String) value : null;
    }

    private void emit(Object id, String key, String json) {
        events.accept("{\"id\":" + JsonWriter.of(id) + "," + JsonText.quote(key) + ":" + json + "}");
    }
}
