package gocd.ecr.bridge;

/** Kills a cancelled task's process that does not end: GoCD itself never escalates (BuilderForKillAllChildTask). */
final class CancelLimit extends Thread {
    private final HostProcess host;
    private final long limitMs;

    CancelLimit(HostProcess host, long limitMs) {
        super("gocd-ecr-task " + host.pid() + " cancel limit");
        setDaemon(true);
        this.host = host;
        this.limitMs = limitMs;
    }

    @Override
    public void run() {
        if (host.exitCode(limitMs) == null) {
            host.force("Cancelled: the task's process did not end within " + limitMs / 1000 + " s, and was killed. What it "
                + "was doing on the Docker daemon may not have been cleaned up");
        }
    }
}
