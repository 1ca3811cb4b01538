// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PropertiesPageTest {

    private static final Path PAGE = Path.of("..", "docs", "properties.md");

    /** Set, the page is written instead of judged. */
    private static final boolean WRITE = Boolean.getBoolean("weft.docs.write");

    private static final String HOW_TO_WRITE =
            "docs/properties.md is old; write it anew by: ./mvnw -pl bench -am test"
                    + " -Dtest=PropertiesPageTest -Dsurefire.failIfNoSpecifiedTests=false"
                    + " -Dweft.docs.write";

    @Test
    void saysWhatCanBeSet() throws IOException {
        String page = Files.readString(PAGE);
        String refreshed = PropertiesPage.refreshed(page);
        if (WRITE) {
            Files.writeString(PAGE, refreshed);
        } else {
            assertThat(page).as(HOW_TO_WRITE).isEqualTo(refreshed);
        }
    }

    @Test
    void leavesNoSettingOut() throws IOException {
        String page = PropertiesPage.refreshed(Files.readString(PAGE));
        assertThat(Setting.all()).hasSizeGreaterThan(50);
        assertThat(Setting.all())
                .allSatisfy(setting -> assertThat(page).contains("`" + setting.name() + "`"));
    }

    @Test
    void hasAMeaningForEverySetting() {
        assertThat(Setting.all())
                .allSatisfy(setting -> assertThat(setting.description()).isNotBlank());
    }
}
