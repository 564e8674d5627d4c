package gocd.ecr.bridge;

import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

/**
 * The folder GoCD unpacked this plugin into. plugin.cjs runs from there and never from a temporary copy, which
 * another user of the machine could get at.
 */
final class BundleFolder {
    private BundleFolder() {
    }

    /** The folder that holds plugin.cjs beside the given class. */
    static Path of(Class<?> anchor) throws BridgeFailure {
        return check(location(anchor));
    }

    static Path check(String location) throws BridgeFailure {
        String url = location.startsWith("reference:") ? location.substring("reference:".length()) : location;
        String folder = url;
        try {
            Path path = Paths.get(URI.create(url)).toAbsolutePath();
            if (Files.isRegularFile(path.resolve("plugin.cjs"))) {
                return path;
            }
            folder = path.toString();
        } catch (IllegalArgumentException | FileSystemNotFoundException notAFile) {
            // Told below, as GoCD gave it.
        }
        throw new BridgeFailure("The plugin's own file plugin.cjs is not in " + folder + ". GoCD unpacks a plugin into "
            + "plugins_work/<jar>/ below the agent's working directory: check that this folder is whole and readable, "
            + "then restart the agent");
    }

    /**
     * GoCD installs bundles by reference ("reference:file:/.../plugins_work/x.jar/", FelixGoPluginOSGiFramework).
     * By reflection, because org.osgi.framework is there at run time only.
     */
    private static String location(Class<?> anchor) throws BridgeFailure {
        ClassLoader loader = anchor.getClassLoader();
        try {
            Object bundle = Class.forName("org.osgi.framework.BundleReference", false, loader)
                .getMethod("getBundle").invoke(loader);
            return (String) Class.forName("org.osgi.framework.Bundle", false, loader)
                .getMethod("getLocation").invoke(bundle);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError notABundle) {
            throw new BridgeFailure("The plugin was not loaded as a GoCD plugin, so its folder is unknown: " + notABundle);
        }
    }
}
