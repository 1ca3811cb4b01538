// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.weft.conformance");

    @Test
    void knowsNothingOfWhatItJudges() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "org.springframework..", "reactor..")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("io.weft.dataplane..", "io.weft.policy..", "io.weft.gateway..")
                .because("an engine must not be judged by its own code")
                .check(CLASSES);
    }

    @Test
    void hasNoCycles() {
        slices().matching("io.weft.conformance.(*)..")
                .should()
                .beFreeOfCycles()
                .because("imports between packages run one way")
                .check(CLASSES);
    }

    @Test
    void keepsTestsOutOfTheFixtures() {
        classes()
                .that()
                .resideInAnyPackage(
                        "io.weft.conformance.raw..",
                        "io.weft.conformance.fault..",
                        "io.weft.conformance.load..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.net.ssl..",
                        "org.HdrHistogram..",
                        "org.jspecify..",
                        "io.weft.conformance..")
                .because("drills and the demo run them without a test framework")
                .check(CLASSES);
    }
}
