package gocd.ecr.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The plugin's log, kept. */
final class MemoryLog implements Log {
    private final List<String> entries = new ArrayList<>();

    @Override
    public void debug(String message) {
        add("DEBUG " + message);
    }

    @Override
    public void info(String message) {
        add("INFO " + message);
    }

    @Override
    public void warn(String message) {
        add("WARN " + message);
    }

    @Override
    public void error(String message) {
        add("ERROR " + message);
    }

    /** The entries of one level, process ids left out. */
    synchronized List<String> of(String level) {
        return entries.stream().filter(entry -> entry.startsWith(level + " "))
            .map(entry -> entry.replaceFirst("host [0-9]+", "host N")).collect(Collectors.toList());
    }

    private synchronized void add(String entry) {
        entries.add(entry);
    }
}
