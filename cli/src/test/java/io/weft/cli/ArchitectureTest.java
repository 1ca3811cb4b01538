// SPDX-License-Identifier: Apache-2.0
package io.weft.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLI =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.weft.cli");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.weft.cli.(*)..")
                .should()
                .beFreeOfCycles()
                .because("a reader goes through the code in one direction")
                .check(CLI);
    }

    @Test
    void standsOnThePolicyAndPicocliOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "java..",
                        "picocli..",
                        "org.jspecify..",
                        "io.weft.cli..",
                        "io.weft.policy..")
                .because("a command that people wait for must start in a blink")
                .check(CLI);
    }
}
