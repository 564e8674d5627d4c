package com.thoughtworks.go.plugin.activation;

import com.thoughtworks.go.plugin.api.GoPlugin;
import com.thoughtworks.go.plugin.api.annotation.Extension;
import com.thoughtworks.go.plugin.api.annotation.Load;
import com.thoughtworks.go.plugin.api.annotation.UnLoad;
import com.thoughtworks.go.plugin.api.info.PluginContext;
import com.thoughtworks.go.plugin.api.logging.Logger;
import com.thoughtworks.go.plugin.internal.api.LoggingService;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/**
 * Stand-in for the activator that GoCD puts into each plugin's lib/, which Maven Central does not have: links every
 * class outside lib/ and META-INF/, makes the @Extension ones, and registers them. What GoCD's only reports ends here.
 */
public final class DefaultGoPluginActivator implements BundleActivator {
    /** Logger reads it by reflection. */
    static String pluginId;
    private static final PluginContext CONTEXT = new PluginContext() { };
    private final List<Object> extensions = new ArrayList<>();

    @Override
    public void start(BundleContext context) throws Exception {
        Bundle bundle = context.getBundle();
        pluginId = bundle.getSymbolicName();
        Logger.initialize(context.getService(context.getServiceReference(LoggingService.class)));
        for (Class<?> type : classes(bundle)) {
            if (type.isAnnotationPresent(Extension.class)) {
                register(context, type);
            }
        }
        if (extensions.isEmpty()) {
            throw new BundleException("No extensions found in this plugin. Please check for @Extension annotations");
        }
    }

    @Override
    public void stop(BundleContext context) throws Exception {
        for (Object extension : extensions) {
            invoke(extension, UnLoad.class);
        }
    }

    private static List<Class<?>> classes(Bundle bundle) throws ReflectiveOperationException {
        List<Class<?>> classes = new ArrayList<>();
        for (URL url : Collections.list(bundle.findEntries("/", "*.class", true))) {
            String path = url.getFile();
            if (!path.startsWith("/lib/") && !path.startsWith("/META-INF/")) {
                Class<?> type = bundle.loadClass(path.substring(1, path.length() - ".class".length()).replace('/', '.'));
                type.getDeclaredMethods(); // resolves every type in a signature
                Class.forName(type.getName(), true, type.getClassLoader()); // verifies and links
                classes.add(type);
            }
        }
        return classes;
    }

    private void register(BundleContext context, Class<?> type) throws ReflectiveOperationException {
        if (!Modifier.isPublic(type.getModifiers()) || Modifier.isAbstract(type.getModifiers())) {
            throw new IllegalStateException(type + " is annotated with @Extension but is not public and concrete");
        }
        Object extension = type.getConstructor().newInstance();
        invoke(extension, Load.class);
        extensions.add(extension);
        Hashtable<String, String> properties = new Hashtable<>();
        properties.put("Bundle-SymbolicName", pluginId);
        properties.put("PLUGIN_ID", pluginId);
        context.registerService(GoPlugin.class, (GoPlugin) extension, properties);
    }

    private static void invoke(Object extension, Class<? extends Annotation> annotation) throws ReflectiveOperationException {
        for (Method method : extension.getClass().getDeclaredMethods()) {
            if (method.isAnnotationPresent(annotation)) {
                method.invoke(extension, CONTEXT);
            }
        }
    }
}
