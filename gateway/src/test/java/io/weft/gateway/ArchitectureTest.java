// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
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
                        .importPackages("io.weft.gateway");
    }

    @Test
    void standsOnPolicyAndEngineAlone() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.weft..")
                                .and(
                                        not(
                                                resideInAnyPackage(
                                                        "io.weft.gateway..",
                                                        "io.weft.dataplane..",
                                                        "io.weft.policy.."))))
                .because("edge and agents do not know each other, and nobody's server is a library")
                .check(classes);
    }

    @Test
    void understandsNoPolicyByItself() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                "io.weft.policy.compile..",
                                "io.weft.policy.document..",
                                "io.weft.policy.read..",
                                "io.weft.policy.codec.."))
                .because("policy is read and compiled by the engine's subscription, once for all")
                .check(classes);
    }

    @Test
    void onlyTheEdgeSeesThePipeline() {
        noClasses()
                .that(not(resideInAnyPackage("io.weft.gateway.edge")))
                .should()
                .dependOnClassesThat(
                        assignableTo("io.netty.channel.ChannelHandler")
                                .or(assignableTo("io.netty.channel.ChannelPipeline")))
                .because("what stands between socket and Spring is decided in one place")
                .check(classes);
    }

    @Test
    void packagesDependOnEachOtherOneWay() {
        slices().matching("io.weft.gateway.(*)..")
                .should()
                .beFreeOfCycles()
                .because("a package that cannot be understood alone is two halves of one")
                .check(classes);
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("settings")
                .definedBy("..gateway.settings..")
                .layer("clients")
                .definedBy("..gateway.edge..")
                .layer("exchanges")
                .definedBy("..gateway.exchange..")
                .layer("routes")
                .definedBy("..gateway.route..")
                .layer("dispatch")
                .definedBy("..gateway.dispatch..")
                .layer("control")
                .definedBy("..gateway.control..")
                .layer("sign-in")
                .definedBy("..gateway.signin..")
                .layer("wiring")
                .definedBy("io.weft.gateway")
                .whereLayer("wiring")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("routes")
                .mayOnlyBeAccessedByLayers("wiring")
                .whereLayer("dispatch")
                .mayOnlyBeAccessedByLayers("wiring")
                .whereLayer("control")
                .mayOnlyBeAccessedByLayers("wiring")
                .whereLayer("sign-in")
                .mayOnlyBeAccessedByLayers("wiring")
                .whereLayer("exchanges")
                .mayOnlyBeAccessedByLayers("routes", "dispatch", "sign-in", "wiring")
                .whereLayer("clients")
                .mayOnlyBeAccessedByLayers("exchanges", "routes", "dispatch", "sign-in", "wiring")
                .because("a request goes from the client through its route to the engine")
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
