// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.weft.meshagent");
    }

    @Test
    void isAThinHostOfTheEngine() {
        classes()
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                "io.weft.meshagent..",
                                "io.weft.dataplane..",
                                "io.weft.policy..",
                                "java..",
                                "org.jspecify.annotations",
                                "org.slf4j",
                                "io.netty..",
                                "reactor.core..",
                                "io.prometheus.metrics.model.registry",
                                "org.springframework.."))
                .because("what edge and mesh both do is done in the engine")
                .check(classes);
    }

    @Test
    void takesOfSpringOnlyTheReadingOfSettings() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..settings..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("org.springframework..")
                                .and(not(resideInAnyPackage("org.springframework.util.unit"))))
                .because("nothing behind the settings knows where they came from")
                .check(classes);
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                "org.springframework.context..",
                                "org.springframework.beans..",
                                "org.springframework.boot.autoconfigure.."))
                .because("an application context costs more than the agent")
                .check(classes);
    }

    @Test
    void packagesDependOnEachOtherOneWay() {
        slices().matching("io.weft.meshagent.(*)..")
                .should()
                .beFreeOfCycles()
                .because("a package that cannot be understood alone is two halves of one")
                .check(classes);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.weft.meshagent")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.weft.meshagent"))
                .because("the assembly knows the parts, no part knows the assembly")
                .check(classes);
    }

    @Test
    void packagesAreNamedAfterFeatures() {
        noClasses()
                .should()
                .resideInAnyPackage(
                        "..util..",
                        "..common..",
                        "..impl..",
                        "..internal..",
                        "..dto..",
                        "..helper..",
                        "..misc..")
                .because("each of these hides a missing name")
                .check(classes);
    }
}
