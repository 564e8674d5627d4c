package gocd.ecr.bridge;

import com.thoughtworks.go.plugin.api.response.DefaultGoPluginApiResponse;
import com.thoughtworks.go.plugin.api.response.GoPluginApiResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The configuration and view replies, files in the jar: GoCD asks for them while it starts, marks the plugin invalid
 * if one fails, and a server need not have Node.
 */
final class StaticReply {
    private StaticReply() {
    }

    static GoPluginApiResponse of(String file) {
        try (InputStream in = StaticReply.class.getResourceAsStream("/" + file)) {
            if (in != null) {
                return new DefaultGoPluginApiResponse(200, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            return error(file + " in the plugin's jar cannot be read: " + e.getMessage());
        }
        return error(file + " is missing from the plugin's jar");
    }

    private static GoPluginApiResponse error(String message) {
        return new DefaultGoPluginApiResponse(500, "{\"error\":" + JsonText.quote(message) + "}");
    }
}
