package gocd.ecr.bridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.PosixFilePermissions;

/** The children's own empty folder, 0700: nobody can lay anything there that Node would pick up. */
final class PrivateFolder {
    private Path folder;

    /** The folder, made anew when a cleaner of /tmp has taken it away. */
    synchronized Path get() throws BridgeFailure {
        try {
            if (folder == null || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                folder = Files.createTempDirectory(Paths.get(System.getProperty("java.io.tmpdir")), "gocd-ecr-task-",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return folder;
        } catch (IOException | UnsupportedOperationException e) {
            throw new BridgeFailure("No private folder could be made in " + System.getProperty("java.io.tmpdir")
                + " (" + e + "). Make room there, or give the agent another one with -Djava.io.tmpdir", e);
        }
    }

    synchronized void remove() {
        try {
            if (folder != null) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException notEmpty) {
            // What is in it is not ours to delete.
        }
        folder = null;
    }
}
