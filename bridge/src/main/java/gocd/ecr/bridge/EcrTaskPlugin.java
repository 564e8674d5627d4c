package gocd.ecr.bridge;

import com.thoughtworks.go.plugin.api.GoApplicationAccessor;
import com.thoughtworks.go.plugin.api.GoPlugin;
import com.thoughtworks.go.plugin.api.GoPluginIdentifier;
import com.thoughtworks.go.plugin.api.annotation.Extension;
import com.thoughtworks.go.plugin.api.annotation.UnLoad;
import com.thoughtworks.go.plugin.api.info.PluginContext;
import com.thoughtworks.go.plugin.api.request.GoPluginApiRequest;
import com.thoughtworks.go.plugin.api.response.DefaultGoPluginApiResponse;
import com.thoughtworks.go.plugin.api.response.GoPluginApiResponse;
import java.util.List;

/** The plugin as GoCD sees it: it relays, and knows no field of the task. */
@Extension
public final class EcrTaskPlugin implements GoPlugin {
    private final HostPool pool;
    private final ValidateRelay validate;
    private final ExecuteRelay execute;
    private final Thread shutdownHook;

    /** GoCD's: made at load, single-threaded and without a timeout (DefaultPluginJarLocationMonitor), so it starts nothing. */
    public EcrTaskPlugin() {
        Log log = new PluginLog();
        HostStarter starter = new HostStarter(() -> BundleFolder.of(EcrTaskPlugin.class), System.getenv(),
            System::getProperty, HostStarter.START_LIMIT_MS, log);
        this.pool = new HostPool(starter, HostPool.CANCEL_LIMIT_MS, HostPool.SHUTDOWN_LIMIT_MS, log);
        this.validate = new ValidateRelay(pool, log);
        this.execute = new ExecuteRelay(pool, log);
        this.shutdownHook = new Thread(pool::close, "gocd-ecr-task shutdown");
        // An agent never stops its plugins, it just ends (DefaultPluginManager has no caller of stopInfrastructure there).
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    @Override
    public void initializeGoApplicationAccessor(GoApplicationAccessor accessor) {
        // Called under a global lock, and an agent's accessor answers nothing to a task.
    }

    @Override
    public GoPluginIdentifier pluginIdentifier() {
        return new GoPluginIdentifier("task", List.of("1.0"));
    }

    @Override
    public GoPluginApiResponse handle(GoPluginApiRequest request) {
        switch (request.requestName()) {
            case "configuration": return StaticReply.of("configuration.json");
            case "view": return StaticReply.of("view.json");
            case "validate": return validate.answer(request.requestBody());
            case "execute": return execute.answer(request.requestBody());
            default: return unknown(request.requestName());
        }
    }

    /** The server's, when the plugin is replaced while it runs. */
    @UnLoad
    public void unload(PluginContext context) {
        pool.close();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException alreadyEnding) {
            // Then the hook has run or will.
        }
    }

    /** A 200 to go.plugin-settings.* would claim a settings page, which GoCD gives no task plugin. */
    private static GoPluginApiResponse unknown(String name) {
        return new DefaultGoPluginApiResponse(404,
            "{\"error\":" + JsonText.quote("gocd-ecr-task does not know the request " + name) + "}");
    }
}
