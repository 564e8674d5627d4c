package gocd.ecr.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Start, spare, cancel and end of the child processes. */
class ProcessLifeTest {
    private static final String DONE = "{\"response\":{\"success\":true,\"message\":\"ok\"}}";
    private static final String OK = "{\"success\":true,\"message\":\"ok\"}";
    private FakePlugin plugin = FakePlugin.with(Map.of());

    @AfterEach
    void close() {
        plugin.close();
    }

    private void replace(FakePlugin other) {
        plugin.close();
        plugin = other;
    }

    private static String failed(String message) {
        return "{\"success\":false,\"message\":\"" + message + "\"}";
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, what);
            Thread.sleep(10);
        }
    }

    private String lastLine() {
        return plugin.lines.get(plugin.lines.size() - 1);
    }

    @Test
    void eachExecuteHasAProcessOfItsOwnAndTheSpareIsTheNext() throws Exception {
        plugin.execute("{\"tell\":\"pid\"}", "{\"sleep\":300}", DONE);
        String first = lastLine();
        HostProcess spare = plugin.pool.shared();
        assertEquals(OK, plugin.execute("{\"tell\":\"pid\"}", DONE));
        assertEquals(Long.toString(spare.pid()), lastLine());
        assertNotEquals(first, lastLine());
        assertFalse(spare.alive());
    }

    private static long children() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).count();
    }

    @Test
    void theNextSpareStartsWhenAShortTaskIsOver() throws Exception {
        CompletableFuture<String> reply = CompletableFuture.supplyAsync(() ->
            plugin.execute("{\"tell\":\"pid\"}", "{\"sleep\":300}", DONE));
        await("the task runs", () -> !plugin.lines.isEmpty());
        assertEquals(1, children());
        assertEquals(OK, reply.get(10, TimeUnit.SECONDS));
        await("there is a spare", () -> children() == 1);
        assertEquals(OK, plugin.execute("{\"tell\":\"pid\"}", DONE));
        assertNotEquals(plugin.lines.get(0), lastLine());
    }

    @Test
    void aLongTaskHasASpareBesideIt() throws Exception {
        CompletableFuture<String> reply = CompletableFuture.supplyAsync(() ->
            plugin.execute("{\"tell\":\"pid\"}", "{\"untilCancelled\":1}"));
        await("the task runs", () -> !plugin.lines.isEmpty());
        await("there is a spare", () -> children() == 2);
        ProcessHandle.of(Long.parseLong(lastLine())).orElseThrow().destroy();
        assertEquals(failed("Cancelled during build"), reply.get(10, TimeUnit.SECONDS));
    }

    @Test
    void aDeadSpareIsReplaced() throws Exception {
        HostProcess spare = plugin.pool.shared();
        spare.connect().close();
        spare.terminate();
        spare.exitCode(5_000);
        assertEquals(OK, plugin.execute(DONE));
    }

    @Test
    void aSpareThatEndsOfIdlenessAtThatMomentIsReplaced() throws Exception {
        replace(FakePlugin.with(Map.of("FAKE_START", "exit")));
        HostProcess spare = plugin.pool.shared();
        plugin.environment.put("FAKE_START", "");
        assertEquals(OK, plugin.execute(DONE));
        assertFalse(spare.alive());
        assertEquals("INFO The spare process is of no use (The task's process ended with exit code 3 while it started."
            + " The agent's plugin log, plugin-gocd-ecr-task.log, has what it said last); a new one takes the job",
            plugin.log.of("INFO").stream().filter(line -> line.contains("spare")).findFirst().orElse(""));
    }

    @Test
    void sigtermDuringAColdStartIsTheCancel() throws Exception {
        replace(FakePlugin.with(Map.of("FAKE_START", "slow3000")));
        HostProcess spare = plugin.pool.shared(); // what execute will take, cold
        CompletableFuture<String> reply = CompletableFuture.supplyAsync(() -> plugin.execute(DONE));
        Thread.sleep(500);
        spare.terminate();
        assertEquals(failed("Cancelled: the task's process was ended by SIGTERM while it started"), reply.get(10, TimeUnit.SECONDS));
    }

    @Test
    void aCancelledTaskAnswersForItself() throws Exception {
        CompletableFuture<String> reply = CompletableFuture.supplyAsync(() ->
            plugin.execute("{\"tell\":\"pid\"}", "{\"untilCancelled\":100}"));
        await("the task runs", () -> !plugin.lines.isEmpty());
        ProcessHandle.of(Long.parseLong(lastLine())).orElseThrow().destroy();
        assertEquals(failed("Cancelled during build"), reply.get(10, TimeUnit.SECONDS));
        assertEquals("cleaning up", lastLine());
    }

    @Test
    void aTaskThatIgnoresTheCancelIsKilled() throws Exception {
        replace(FakePlugin.impatient(Map.of(), 15_000, 1_000));
        CompletableFuture<String> reply = CompletableFuture.supplyAsync(() ->
            plugin.execute("{\"deaf\":1}", "{\"tell\":\"pid\"}", "{\"sleep\":60000}"));
        await("the task runs", () -> !plugin.lines.isEmpty());
        HostProcess spare = plugin.pool.shared();
        spare.connect().close();
        ProcessHandle.of(Long.parseLong(lastLine())).orElseThrow().destroy(); // as GoCD does, to every descendant
        spare.terminate();
        assertEquals(failed("Cancelled: the task's process did not end within 1 s, and was killed. What it was doing on the "
            + "Docker daemon may not have been cleaned up"), reply.get(10, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "exit|The task's process ended with exit code 3 while it started. The agent's plugin log, plugin-gocd-ecr-task.log,"
            + " has what it said last",
        "garbage|The task's process does not answer while it started: its first line does not say on which port it listens",
        "silent|The task's process did not start within 2 s. The agent's machine may be too busy; plugin-gocd-ecr-task.log"
            + " has what the process said",
    })
    void aBadStartFailsTheJob(String start, String message) {
        replace(FakePlugin.impatient(Map.of("FAKE_START", start), 2_000, 30_000));
        assertEquals(failed(message), plugin.execute(DONE));
    }

    @Test
    void anImpostorOnThePortGetsNothing() {
        replace(FakePlugin.with(Map.of("FAKE_START", "impostor")));
        assertEquals(failed("Whoever listens on 127.0.0.1:N is not the task's process: it does not know the token. Nothing was "
            + "sent to it. Run the job again; if this comes back, look for a program on the agent's machine that takes over "
            + "local ports"), plugin.execute(DONE).replaceFirst("127.0.0.1:[0-9]+", "127.0.0.1:N"));
    }

    @Test
    void closingEndsTheSpareAndTheRunningTask() throws Exception {
        CompletableFuture<String> reply = CompletableFuture.supplyAsync(() ->
            plugin.execute("{\"tell\":\"pid\"}", "{\"untilHungUp\":1}"));
        await("the task runs", () -> !plugin.lines.isEmpty());
        HostProcess spare = plugin.pool.shared();
        plugin.pool.close();
        assertFalse(spare.alive());
        assertTrue(reply.get(10, TimeUnit.SECONDS).startsWith("{\"success\":false,"));
        assertFalse(ProcessHandle.of(Long.parseLong(lastLine())).map(ProcessHandle::isAlive).orElse(false));
        assertEquals(failed("Cancelled: the agent is stopping"), plugin.execute(DONE));
    }

    @Test
    void closingKillsATaskThatDoesNotEnd() throws Exception {
        CompletableFuture<String> reply = CompletableFuture.supplyAsync(() ->
            plugin.execute("{\"deaf\":1}", "{\"tell\":\"pid\"}", "{\"block\":60000}"));
        await("the task runs", () -> !plugin.lines.isEmpty());
        plugin.pool.close();
        assertEquals(failed("Cancelled: the agent is stopping, and the task's process did not end within 2 s"),
            reply.get(10, TimeUnit.SECONDS));
    }

    @Test
    void anInterruptedStartFailsTheJob() throws Exception {
        replace(FakePlugin.with(Map.of("FAKE_START", "silent")));
        CompletableFuture<String> reply = new CompletableFuture<>();
        Thread thread = new Thread(() -> reply.complete(plugin.execute(DONE)));
        thread.start();
        Thread.sleep(300);
        thread.interrupt();
        assertEquals(failed("The task was interrupted while its process started"), reply.get(10, TimeUnit.SECONDS));
    }

    @Test
    void aBrokenProtocolHangsUpOnTheTask() {
        plugin.execute("{\"raw\":\"x\\n\"}", "{\"untilHungUp\":1}");
        assertEquals(List.of("INFO host N: hung up"), plugin.log.of("INFO"));
    }
}
