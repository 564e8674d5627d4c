package gocd.ecr.bridge.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.thoughtworks.go.plugin.api.response.GoPluginApiResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** The jar in Felix, as GoCD loads it, message by message. */
class LoadTest {
    private static final String DONE = "{\"response\":{\"success\":true,\"message\":\"ok\"}}";
    @TempDir
    Path temp;
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private LoadedPlugin plugin;

    @BeforeEach
    void load() throws Exception {
        plugin = LoadedPlugin.load(PluginJar.make(temp), temp, FileLogging.to(temp.resolve("plugin.log")));
    }

    @AfterEach
    void unload() throws Exception {
        ConsoleContext.set(null);
        plugin.unload();
    }

    private String execute(String... steps) throws Exception {
        return plugin.ask("execute", "{\"steps\":[" + String.join(",", steps) + "]}").responseBody();
    }

    private void console(Set<String> secure) {
        ConsoleContext.set(new ConsoleContext(Map.of("TOKEN", "t", "PLAIN", "p"), secure, lines::add));
    }

    @Test
    void isActiveUnderAClassLoaderOfItsOwn() {
        assertEquals(Bundle.ACTIVE, plugin.bundle().getState());
        assertNotSame(getClass().getClassLoader(), plugin.plugin().getClass().getClassLoader());
        assertEquals("task", plugin.plugin().pluginIdentifier().getExtension());
        assertEquals(List.of("1.0"), plugin.plugin().pluginIdentifier().getSupportedExtensionVersions());
    }

    @Test
    void answersConfigurationAndViewFromItsOwnFiles() throws Exception {
        assertEquals(PluginJar.CONFIGURATION, plugin.ask("configuration", null).responseBody());
        assertEquals(PluginJar.VIEW, plugin.ask("view", null).responseBody());
        assertEquals(200, plugin.ask("view", null).responseCode());
    }

    @Test
    void doesNotKnowOtherRequests() throws Exception {
        GoPluginApiResponse response = plugin.ask("go.plugin-settings.get-configuration", null);
        assertEquals(404, response.responseCode());
        assertEquals("{\"error\":\"gocd-ecr-task does not know the request go.plugin-settings.get-configuration\"}", response.responseBody());
    }

    @Test
    void validatesAndExecutesFromItsUnpackedFolder() throws Exception {
        assertTrue(plugin.ask("validate", "{}").responseBody().startsWith("{\"errors\":{\"Saw\":\"{}\""));
        console(Set.of());
        assertEquals("{\"success\":true,\"message\":\"ok\"}", execute("{\"tell\":\"script\"}", DONE));
        assertEquals(List.of("\"" + temp.toRealPath().resolve("plugins_work/gocd-ecr-task-0.0.0.jar/plugin.cjs") + "\""), lines);
    }

    @Test
    void saysWhenItsFolderIsGone() throws Exception {
        Path script = temp.resolve("plugins_work/gocd-ecr-task-0.0.0.jar/plugin.cjs");
        Files.delete(script);
        console(Set.of());
        assertEquals("{\"success\":false,\"message\":\"The plugin's own file plugin.cjs is not in " + script.getParent()
            + ". GoCD unpacks a plugin into plugins_work/<jar>/ below the agent's working directory: check that this folder is whole "
            + "and readable, then restart the agent\"}", execute(DONE));
    }

    @Test
    void sendsTheNamesThatGoCDMarksSecure() throws Exception {
        console(Set.of("TOKEN", "ELSEWHERE"));
        execute("{\"headers\":0}", DONE);
        assertTrue(lines.get(0).endsWith("\"GoCD-ECR-Secure\",\"TOKEN\"]"), lines.get(0));
    }

    @Test
    void keepsPrintingWhenAnOnCancelTaskHasNulledTheContext() throws Exception {
        console(Set.of());
        Thread other = new Thread(() -> {
            while (lines.isEmpty()) {
                Thread.onSpinWait();
            }
            ConsoleContext.set(null);
        });
        other.start();
        assertEquals("{\"success\":true,\"message\":\"ok\"}", execute("{\"line\":\"one\"}", "{\"sleep\":300}", "{\"line\":\"two\"}", DONE));
        assertEquals(List.of("one", "two"), lines);
    }

    @Test
    void answersWithoutAConsole() throws Exception {
        assertEquals("{\"success\":true,\"message\":\"ok\"}", execute("{\"line\":\"one\"}", DONE));
        assertTrue(Files.readString(temp.resolve("plugin.log")).contains("WARN GoCD has no console for this job, so its lines are lost; "
            + "the task goes on: java.lang.RuntimeException: context is null\n"));
    }

    @Test
    void survivesAConsoleThatThrows() throws Exception {
        ConsoleContext.set(new ConsoleContext(Map.of(), Set.of(), line -> {
            throw new IllegalStateException("closed");
        }));
        assertEquals("{\"success\":true,\"message\":\"ok\"}", execute("{\"line\":\"one\"}", "{\"line\":\"two\"}", DONE));
        assertEquals(1, Files.readString(temp.resolve("plugin.log")).split("The job's console is gone, so the rest of its lines is lost; "
            + "the task goes on: java.lang.IllegalStateException: java.lang.IllegalStateException: closed", -1).length - 1);
    }

    @Test
    void unloadingEndsEveryProcess() throws Exception {
        plugin.ask("validate", "{}");
        assertTrue(ProcessHandle.current().descendants().anyMatch(ProcessHandle::isAlive));
        plugin.bundle().stop();
        assertFalse(ProcessHandle.current().descendants().anyMatch(ProcessHandle::isAlive));
    }

    @Test
    void theDescriptorHasGoCDsShape() throws Exception {
        String xml = Files.readString(temp.resolve("plugins_work/gocd-ecr-task-0.0.0.jar/plugin.xml"), StandardCharsets.UTF_8);
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        javax.xml.validation.SchemaFactory schemas = javax.xml.validation.SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        java.net.URL xsd = getClass().getResource("/plugin-descriptor.xsd");
        assertTrue(xsd != null, "go-plugin-api holds the schema");
        schemas.newSchema(xsd).newValidator().validate(new javax.xml.transform.stream.StreamSource(new java.io.StringReader(xml)));
        assertFalse(xml.contains("${"), xml);
    }
}
