// SPDX-License-Identifier: Apache-2.0
package io.weft.policy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.weft.policy.condition.ConditionCompiler;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.weft.policy");
    }

    @Test
    void isPlainJava() {
        classes()
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                "io.weft.policy..",
                                "java..",
                                "org.jspecify.annotations",
                                "org.snakeyaml.engine..",
                                "tools.jackson.core..",
                                "com.google.re2j",
                                "com.google.protobuf",
                                "com.google.common.collect",
                                "dev.cel.."))
                .because("the policy means the same wherever it is evaluated")
                .check(classes);
    }

    @Test
    void onlyDocumentsSeeYaml() {
        noClasses()
                .that(not(resideInAnyPackage("io.weft.policy.document")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.snakeyaml.."))
                .because("there is one reader of documents")
                .check(classes);
    }

    @Test
    void onlyCodecAndFeedSeeJson() {
        noClasses()
                .that(not(resideInAnyPackage("io.weft.policy.codec", "io.weft.policy.feed")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("tools.jackson.."))
                .because("JSON is what travels, not what the policy is made of")
                .check(classes);
    }

    @Test
    void onlyConditionsSeeTheirLanguage() {
        noClasses()
                .that(not(resideInAnyPackage("io.weft.policy.condition")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.cel..", "com.google.."))
                .because("a condition is something that holds or does not, whatever its language")
                .check(classes);
    }

    @Test
    void whatDecidesDoesNotNeedTheCompiler() {
        noClasses()
                .that(not(belongToAnyOf(ConditionCompiler.class)))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                "dev.cel.compiler..", "dev.cel.parser..", "dev.cel.checker.."))
                .because("proxies run without it")
                .check(classes);
        noClasses()
                .that(not(resideInAnyPackage("io.weft.policy.condition", "io.weft.policy.read")))
                .should()
                .dependOnClassesThat(belongToAnyOf(ConditionCompiler.class))
                .because("proxies get checked expressions")
                .check(classes);
    }

    @Test
    void packagesDependOnEachOtherOneWay() {
        slices().matching("io.weft.policy.(*)..")
                .should()
                .beFreeOfCycles()
                .because("a package that cannot be understood alone is two halves of one")
                .check(classes);
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("names")
                .definedBy("..problem..", "..identity..", "..request..", "..regex..")
                .layer("syntax")
                .definedBy("..document..")
                .layer("model")
                .definedBy("..service..", "..route..", "..token..", "..condition..", "..access..")
                .layer("objects")
                .definedBy("..object..")
                .layer("reading")
                .definedBy("..read..")
                .layer("compiling")
                .definedBy("..compile..")
                .layer("matching")
                .definedBy("..match..")
                .layer("snapshots")
                .definedBy("..snapshot..")
                .layer("writing")
                .definedBy("..codec..")
                .layer("talking")
                .definedBy("..feed..")
                .whereLayer("talking")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("compiling")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("writing")
                .mayOnlyBeAccessedByLayers("talking")
                .whereLayer("snapshots")
                .mayOnlyBeAccessedByLayers("talking")
                .whereLayer("matching")
                .mayOnlyBeAccessedByLayers("snapshots")
                .whereLayer("reading")
                .mayOnlyBeAccessedByLayers("compiling")
                .whereLayer("syntax")
                .mayOnlyBeAccessedByLayers("reading", "compiling", "writing", "talking")
                .whereLayer("objects")
                .mayOnlyBeAccessedByLayers(
                        "reading", "compiling", "matching", "snapshots", "writing", "talking")
                .whereLayer("model")
                .mayOnlyBeAccessedByLayers("objects", "reading", "compiling", "matching", "writing")
                .because("what decides about requests does not know what it was read from")
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
