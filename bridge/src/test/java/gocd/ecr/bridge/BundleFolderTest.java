package gocd.ecr.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the bundle is, and what is said when it is not. LoadTest has the case that GoCD makes. */
class BundleFolderTest {
    private static final String ADVICE = ". GoCD unpacks a plugin into plugins_work/<jar>/ below the agent's working directory: check "
        + "that this folder is whole and readable, then restart the agent";

    @Test
    void aFolderWithTheBundleIsIt() throws Exception {
        assertEquals(FakePlugin.folder(), BundleFolder.check("reference:" + FakePlugin.folder().toUri()));
    }

    @ParameterizedTest
    @CsvSource({
        "reference:file:/no/such/plugin.jar/, /no/such/plugin.jar",
        "file:/no%20such, /no such",
        "jar:file:/a.jar!/, jar:file:/a.jar!/",
        "http://x/y, http://x/y",
    })
    void anythingElseIsToldAsItIs(String location, String told) {
        assertEquals("The plugin's own file plugin.cjs is not in " + told + ADVICE,
            assertThrows(BridgeFailure.class, () -> BundleFolder.check(location)).getMessage());
    }

    @Test
    void outsideOfGoCDTheFolderIsUnknown() {
        String message = assertThrows(BridgeFailure.class, () -> BundleFolder.of(EcrTaskPlugin.class)).getMessage();
        assertEquals("The plugin was not loaded as a GoCD plugin, so its folder is unknown: ",
            message.substring(0, message.indexOf(": ") + 2));
    }
}
