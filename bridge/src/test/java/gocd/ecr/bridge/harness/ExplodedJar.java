package gocd.ecr.bridge.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A jar unpacked as GoCD does it: no executable bits, its activator in lib/, three manifest headers of its own. */
final class ExplodedJar {
    private static final String ACTIVATOR = "com.thoughtworks.go.plugin.activation.DefaultGoPluginActivator";
    private static final String ACTIVATOR_JAR = "lib/go-plugin-activator.jar";

    private ExplodedJar() {
    }

    static Path explode(Path jar, Path work) throws IOException {
        deleteAll(work); // DefaultPluginManager does so at each start
        Path folder = work.resolve(jar.getFileName());
        try (JarFile file = new JarFile(jar.toFile())) {
            if (file.getEntry("plugin.xml") == null) {
                throw new IOException(jar + " does not seem to contain plugin.xml");
            }
            for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements();) {
                JarEntry entry = entries.nextElement();
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException(jar + " holds " + entry.getName());
                }
                unpack(file, entry, target);
            }
        }
        addActivator(folder.resolve(ACTIVATOR_JAR));
        rewriteManifest(folder.resolve("META-INF/MANIFEST.MF"));
        return folder;
    }

    private static void deleteAll(Path work) throws IOException {
        if (Files.exists(work)) {
            try (Stream<Path> files = Files.walk(work)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).collect(Collectors.toList())) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void unpack(JarFile file, JarEntry entry, Path target) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        try (InputStream in = file.getInputStream(entry)) {
            Files.copy(in, target);
        }
    }

    private static void addActivator(Path jar) throws IOException {
        Files.createDirectories(jar.getParent());
        String entry = ACTIVATOR.replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
             InputStream in = ExplodedJar.class.getResourceAsStream("/" + entry.replace(".class", "$1.class"));
             InputStream main = ExplodedJar.class.getResourceAsStream("/" + entry)) {
            out.putNextEntry(new JarEntry(entry));
            main.transferTo(out);
            out.putNextEntry(new JarEntry(entry.replace(".class", "$1.class")));
            in.transferTo(out);
        }
    }

    /** GoPluginOSGiManifest.java: a Bundle-SymbolicName of the plugin's own makes it invalid; no META-INF fails. */
    private static void rewriteManifest(Path path) throws IOException {
        Manifest manifest;
        try (InputStream in = Files.newInputStream(path)) {
            manifest = new Manifest(in);
        }
        if (manifest.getMainAttributes().getValue("Bundle-SymbolicName") != null) {
            throw new IOException("the plugin's manifest has a Bundle-SymbolicName of its own");
        }
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "gocd-ecr-task");
        manifest.getMainAttributes().putValue("Bundle-ClassPath", ACTIVATOR_JAR + ",.");
        manifest.getMainAttributes().putValue("Bundle-Activator", ACTIVATOR);
        try (OutputStream out = Files.newOutputStream(path)) {
            manifest.write(out);
        }
    }
}
