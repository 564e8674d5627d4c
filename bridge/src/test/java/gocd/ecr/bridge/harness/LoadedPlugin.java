package gocd.ecr.bridge.harness;

import com.thoughtworks.go.plugin.api.GoPlugin;
import com.thoughtworks.go.plugin.api.request.DefaultGoPluginApiRequest;
import com.thoughtworks.go.plugin.api.response.GoPluginApiResponse;
import com.thoughtworks.go.plugin.internal.api.LoggingService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/** A plugin jar loaded into Felix as GoCD loads it (FelixGoPluginOSGiFramework). */
public final class LoadedPlugin {
    /**
     * What GoCD delegated to its own class loader before PR 14493 of July 2026, which widened it: a plugin that loads
     * with this list loads in every GoCD.
     */
    private static final String DELEGATED = "org.osgi.framework, com.thoughtworks.go.plugin.api, "
        + "com.thoughtworks.go.plugin.api.*, com.thoughtworks.go.plugin.internal.api, javax.*, org.xml.sax, "
        + "org.xml.sax.*, org.w3c.dom, org.w3c.dom.*";

    private final Framework framework;
    private final Bundle bundle;
    private final GoPlugin plugin;

    private LoadedPlugin(Framework framework, Bundle bundle, GoPlugin plugin) {
        this.framework = framework;
        this.bundle = bundle;
        this.plugin = plugin;
    }

    /** Unpacks the jar below the folder and starts it. */
    public static LoadedPlugin load(Path jar, Path work, LoggingService logging) throws Exception {
        Path exploded = ExplodedJar.explode(jar, work.resolve("plugins_work"));
        Framework framework = new FrameworkFactory().newFramework(configuration(work.resolve("felix-cache")));
        framework.start();
        BundleContext context = framework.getBundleContext();
        context.registerService(LoggingService.class, logging, null);
        Bundle bundle = context.installBundle("reference:" + exploded.toFile().toURI());
        bundle.start();
        return new LoadedPlugin(framework, bundle, service(context));
    }

    /** One message, under the class loader that GoCD sets for it (FelixGoPluginOSGiFramework.java:222-234). */
    public GoPluginApiResponse ask(String request, String body) throws Exception {
        DefaultGoPluginApiRequest message = new DefaultGoPluginApiRequest("task", "1.0", request);
        message.setRequestBody(body);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(plugin.getClass().getClassLoader());
        try {
            return plugin.handle(message);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    public GoPlugin plugin() {
        return plugin;
    }

    public Bundle bundle() {
        return bundle;
    }

    /** Stops the plugin, as a server does that replaces it. */
    public void unload() throws BundleException, InterruptedException {
        bundle.stop();
        framework.stop();
        framework.waitForStop(10_000);
    }

    private static Map<String, String> configuration(Path cache) {
        Map<String, String> configuration = new HashMap<>();
        configuration.put("org.osgi.framework.bundle.parent", "framework");
        configuration.put("org.osgi.framework.bootdelegation", DELEGATED);
        configuration.put("org.osgi.framework.storage.clean", "onFirstInit");
        configuration.put("org.osgi.framework.storage", cache.toString());
        configuration.put("felix.cache.locking", "false");
        configuration.put("felix.service.urlhandlers", "false");
        return configuration;
    }

    private static GoPlugin service(BundleContext context) throws InvalidSyntaxException, IOException {
        Collection<ServiceReference<GoPlugin>> found =
            context.getServiceReferences(GoPlugin.class, "(Bundle-SymbolicName=gocd-ecr-task)");
        if (found.size() != 1) {
            throw new IOException("one GoPlugin expected, found " + found.size());
        }
        return context.getService(found.iterator().next());
    }
}
