package gocd.ecr.bridge;

import com.thoughtworks.go.plugin.api.task.JobConsoleLogger;
import java.util.function.Consumer;

/** The job's console during one execute. Losing it never costs the result. */
final class JobConsole {
    private final Consumer<String> print;
    private final Log log;
    private boolean open = true;

    JobConsole(Consumer<String> print, Log log) {
        this.print = print;
        this.log = log;
    }

    /** To be called on the thread that handles the execute: the logger's context is static and set for its time only. */
    static JobConsole of(TaskContext context, Log log) {
        return new JobConsole(context.console().orElseGet(() -> logger(log)), log);
    }

    /** Prints the text, one console line for each of its lines: a lone CR would let the browser see a line of GoCD's own. */
    synchronized void print(String text) {
        for (String line : text.split("\r\n|\r|\n", -1)) {
            if (open) {
                printOne(line);
            }
        }
    }

    /** After execute has returned, the console belongs to the next task. */
    synchronized void close() {
        open = false;
    }

    private void printOne(String line) {
        try {
            print.accept(line);
        } catch (RuntimeException | LinkageError e) {
            open = false;
            log.warn("The job's console is gone, so the rest of its lines is lost; the task goes on: " + e);
        }
    }

    private static Consumer<String> logger(Log log) {
        try {
            return JobConsoleLogger.getConsoleLogger()::printLine;
        } catch (RuntimeException | LinkageError e) {
            log.warn("GoCD has no console for this job, so its lines are lost; the task goes on: " + e);
            return line -> { };
        }
    }
}
