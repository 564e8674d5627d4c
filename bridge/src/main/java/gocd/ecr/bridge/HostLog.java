package gocd.ecr.bridge;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Takes a child's stderr into the plugin's log, to its end: a pipe that nobody drains would block the child. */
final class HostLog {
    private static final int MAX_LINE = 64 * 1024;

    private final String name;
    private final Token token;
    private final Log log;

    HostLog(String name, Token token, Log log) {
        this.name = name;
        this.token = token;
        this.log = log;
    }

    /** Drains the stream; returns at its end. */
    void drain(InputStream stream) {
        try (InputStream in = new BufferedInputStream(stream)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n') {
                    write(line);
                } else if (line.size() < MAX_LINE) {
                    line.write(b);
                }
            }
            write(line);
        } catch (IOException closed) {
            // The child is gone.
        }
    }

    private void write(ByteArrayOutputStream bytes) {
        String text = token.mask(bytes.toString(StandardCharsets.UTF_8)).stripTrailing();
        bytes.reset();
        if (text.isEmpty()) {
            return;
        }
        switch (level(text)) {
            case "error": log.error(name + ": " + text); break;
            case "warn": log.warn(name + ": " + text); break;
            case "debug": log.debug(name + ": " + text); break;
            default: log.info(name + ": " + text);
        }
    }

    /** The level of a winston line; what is no such line, Node's own last words for one, is told as it is. */
    private static String level(String line) {
        try {
            return String.valueOf(JsonReader.parseObject(line).get("level"));
        } catch (JsonFault e) {
            return "info";
        }
    }
}
