package gocd.ecr.bridge.harness;

import gocd.ecr.bridge.JsonFault;
import gocd.ecr.bridge.JsonReader;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An execute request as GoCD's agent makes it (PluggableTaskBuilder): from the keys of the configuration reply, stored
 * keys that are not among them dropped, blank values replaced by the default.
 */
final class TaskConfig {
    private TaskConfig() {
    }

    static String rebuilt(String executeBody, String configurationReply) throws JsonFault {
        Map<String, Object> request = new LinkedHashMap<>();
        JsonReader.parseObject(executeBody).forEach((key, value) -> request.put((String) key, value));
        Object given = request.get("config");
        Map<?, ?> stored = given instanceof Map ? (Map<?, ?>) given : Map.of();
        Map<String, Object> config = new LinkedHashMap<>();
        JsonReader.parseObject(configurationReply).forEach((key, declared) ->
            config.put((String) key, property((Map<?, ?>) declared, stored.get(key))));
        request.put("config", config);
        return JsonWriter.of(request);
    }

    private static Map<String, Object> property(Map<?, ?> declared, Object stored) {
        Object value = stored instanceof Map ? ((Map<?, ?>) stored).get("value") : null;
        boolean blank = !(value instanceof String) || ((String) value).isBlank();
        Map<String, Object> property = new LinkedHashMap<>();
        property.put("value", blank ? declared.containsKey("default-value") ? declared.get("default-value") : "" : value);
        property.put("secure", blank && Boolean.TRUE.equals(declared.get("secure")));
        property.put("required", blank && !Boolean.FALSE.equals(declared.get("required")));
        return property;
    }
}
