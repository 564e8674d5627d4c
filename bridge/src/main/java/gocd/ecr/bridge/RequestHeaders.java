package gocd.ecr.bridge;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;

/** The headers of a request to the host. */
final class RequestHeaders {
    private static final String PREFIX = "gocd.ecr.";

    private RequestHeaders() {
    }

    static List<String> of(Token token, Properties properties, List<String> secureNames) {
        List<String> headers = new ArrayList<>();
        headers.add("Authorization: Bearer " + token.hex());
        for (String name : new TreeSet<>(properties.stringPropertyNames())) {
            if (name.startsWith(PREFIX)) {
                headers.add("GoCD-ECR-Setting: " + encode(name.substring(PREFIX.length()))
                    + "=" + encode(properties.getProperty(name)));
            }
        }
        secureNames.forEach(name -> headers.add("GoCD-ECR-Secure: " + encode(name)));
        return headers;
    }

    /** As JavaScript's encodeURIComponent, near enough for decodeURIComponent: no value can end a header. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
