package gocd.ecr.bridge.harness;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A plugin jar as Maven makes it, but with the fake host in place of the real bundle. */
final class PluginJar {
    static final String CONFIGURATION = "{\"Repository\":{\"default-value\":\"\",\"secure\":false,\"required\":true,"
        + "\"display-name\":\"Repository\",\"display-order\":\"0\"},\"Tags\":{\"default-value\":\"\",\"required\":false}}";
    static final String VIEW = "{\"displayValue\":\"Docker image to AWS ECR\",\"template\":\"<div>ü</div>\"}";

    private PluginJar() {
    }

    static Path make(Path folder) throws IOException {
        Path jar = folder.resolve("gocd-ecr-task-0.0.0.jar");
        Path classes = Paths.get("target", "classes");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
             Stream<Path> files = Files.walk(classes.resolve("gocd"));
             InputStream host = PluginJar.class.getResourceAsStream("/fake-host.cjs")) {
            for (Path file : files.filter(Files::isRegularFile).collect(Collectors.toList())) {
                add(out, classes.relativize(file).toString(), Files.readAllBytes(file));
            }
            add(out, "plugin.xml", Files.readAllBytes(classes.resolve("plugin.xml")));
            add(out, "plugin.cjs", host.readAllBytes());
            add(out, "configuration.json", CONFIGURATION.getBytes(StandardCharsets.UTF_8));
            add(out, "view.json", VIEW.getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    private static void add(JarOutputStream out, String name, byte[] bytes) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(bytes);
        out.closeEntry();
    }
}
