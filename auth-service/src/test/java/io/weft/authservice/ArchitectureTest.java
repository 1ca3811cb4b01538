// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
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
                    .importPackages("io.weft.authservice");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.weft.authservice.(*)..")
                .should()
                .beFreeOfCycles()
                .because("a reader must be able to begin somewhere")
                .check(CLASSES);
    }

    @Test
    void sharesNothingWithTheMeshButIdentities() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.weft..")
                                .and(
                                        resideOutsideOfPackages(
                                                "io.weft.authservice..",
                                                "io.weft.policy.identity",
                                                "io.weft.policy.problem")))
                .because("the certificate is all that it has in common with those it certifies")
                .check(CLASSES);
    }

    @Test
    void certificatesAreSignedWithoutSpring() {
        noClasses()
                .that()
                .resideInAnyPackage("..ca..", "..audit..", "..seal..", "..state..")
                .and()
                .haveSimpleNameNotEndingWith("Settings")
                .and()
                .haveSimpleNameNotEndingWith("Key")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .because("what signs can be read, run and measured without a container")
                .check(CLASSES);
    }

    @Test
    void onlyTheAuthorityKnowsBouncyCastle() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..ca..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bouncycastle..")
                .because("what is in a certificate is decided in one place")
                .check(CLASSES);
    }

    @Test
    void onlyTheListenerKnowsNetty() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..listen..")
                .and()
                .doNotHaveSimpleName("AuthServiceApplication")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .because("everything else is a servlet application")
                .check(CLASSES);
    }
}
