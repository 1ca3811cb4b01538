// SPDX-License-Identifier: Apache-2.0
package io.weft.demo;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses SHOP =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.weft.demo");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.weft.demo.(*)..")
                .should()
                .beFreeOfCycles()
                .because("a reader goes through the code in one direction")
                .check(SHOP);
    }

    @Test
    void servicesMeetOnlyOverHttp() {
        slices().matching("io.weft.demo.(storefront|orders|payments|catalog|traffic|intruder)..")
                .should()
                .notDependOnEachOther()
                .because("one jar is a convenience; the services are processes of their own")
                .check(SHOP);
    }

    @Test
    void theShopKnowsNothingOfTheMesh() {
        ArchRuleDefinition.noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.weft.policy..", "io.weft.dataplane..", "io.weft.agent..", "io.netty..")
                .because("an ordinary application needs nothing but an HTTP proxy setting")
                .check(SHOP);
    }
}
