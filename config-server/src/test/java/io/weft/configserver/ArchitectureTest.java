// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.weft.configserver");

    @Test
    void packagesDependOneWay() {
        slices().matching("io.weft.configserver.(*)..")
                .should()
                .beFreeOfCycles()
                .because("a reader must be able to begin somewhere")
                .check(CLASSES);
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("api")
                .definedBy("..configserver.api..")
                .layer("feed")
                .definedBy("..configserver.feed..")
                .layer("registry")
                .definedBy("..configserver.registry..")
                .layer("publish")
                .definedBy("..configserver.publish..")
                .layer("source")
                .definedBy("..configserver.source..")
                .whereLayer("api")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("feed")
                .mayOnlyBeAccessedByLayers("api")
                .whereLayer("publish")
                .mayOnlyBeAccessedByLayers("feed", "api")
                .whereLayer("source")
                .mayOnlyBeAccessedByLayers("publish")
                .because("a policy goes from source over publish to feed")
                .check(CLASSES);
    }

    @Test
    void onlyTheFeedKnowsNetty() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..configserver.feed..")
                .and()
                .doNotHaveSimpleName("FeedPortFailureAnalyzer")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "reactor..")
                .because("everything else is a servlet application")
                .check(CLASSES);
    }

    @Test
    void onlyTheSourceKnowsGit() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..configserver.source..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.eclipse.jgit..")
                .because("where documents come from is decided in one place")
                .check(CLASSES);
    }

    @Test
    void proxiesShareOnlyThePolicyIdentitiesAndTokens() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                        "io.weft.dataplane..",
                                        "io.weft.gateway..",
                                        "io.weft.meshagent..")
                                .and(
                                        resideOutsideOfPackages(
                                                "io.weft.dataplane.identity",
                                                "io.weft.dataplane.loop",
                                                "io.weft.dataplane.settings",
                                                "io.weft.dataplane.telemetry",
                                                "io.weft.dataplane.token")))
                .because("the wire is all that control plane and proxies have in common")
                .check(CLASSES);
    }

    @Test
    void coreDoesNotNeedSpring() {
        classes()
                .that()
                .resideInAnyPackage("..configserver.publish..", "..configserver.state..")
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackage("org.springframework..")
                .because("what publishes a policy can be run and tested without a container")
                .check(CLASSES);
    }
}
