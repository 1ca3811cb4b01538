// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.weft.dataplane.dispatch.Admission;
import io.weft.dataplane.dispatch.Permit;
import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.failure.Answer;
import io.weft.dataplane.failure.FailureResponses;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ArchitectureTest {

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.weft.dataplane");
    }

    @Test
    void knowsNeitherSpringNorItsHosts() {
        classes()
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                "io.weft.dataplane..",
                                "io.weft.policy..",
                                "java..",
                                "org.jspecify.annotations",
                                "org.slf4j",
                                "io.netty..",
                                "reactor.core..",
                                "io.prometheus.metrics..",
                                "com.nimbusds.jose..",
                                "com.github.benmanes.caffeine..",
                                "com.amazon.corretto.crypto.provider",
                                "javax.net.ssl",
                                "javax.security.auth.x500"))
                .because("gateway and agent are hosts of one engine")
                .check(classes);
    }

    @Test
    void onlyWhatIsCountedKnowsPrometheus() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..telemetry..", "..engine..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.prometheus.."))
                .because("the hot path counts in arrays of its own")
                .check(classes);
    }

    @Test
    void onlyTokensKnowTheirLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..token..", "..identity..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("com.nimbusds.."))
                .because("edge and mesh verify tokens by one component")
                .check(classes);
    }

    @Test
    void packagesDependOnEachOtherOneWay() {
        slices().matching("io.weft.dataplane.(*)..")
                .should()
                .beFreeOfCycles()
                .because("a package that cannot be understood alone is two halves of one")
                .check(classes);
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("messages")
                .definedBy("..http..")
                .layer("loops")
                .definedBy("..loop..")
                .layer("identity")
                .definedBy("..identity..")
                .layer("failures")
                .definedBy("..failure..")
                .layer("counters")
                .definedBy("..telemetry..")
                .layer("tokens")
                .definedBy("..token..")
                .layer("instances")
                .definedBy("..upstream..", "..balance..")
                .layer("dispatch half")
                .definedBy("..dispatch..")
                .layer("server half")
                .definedBy("..server..")
                .layer("following")
                .definedBy("..subscription..")
                .layer("engine")
                .definedBy("..engine..")
                .whereLayer("engine")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("following")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("server half")
                .mayOnlyBeAccessedByLayers("engine")
                .whereLayer("dispatch half")
                .mayOnlyBeAccessedByLayers("server half", "following", "engine")
                .whereLayer("instances")
                .mayOnlyBeAccessedByLayers("dispatch half")
                .whereLayer("counters")
                .mayOnlyBeAccessedByLayers("tokens", "dispatch half", "server half")
                .whereLayer("tokens")
                .mayOnlyBeAccessedByLayers("dispatch half", "server half", "following", "engine")
                .whereLayer("failures")
                .mayOnlyBeAccessedByLayers("counters", "dispatch half", "server half", "engine")
                .because("a host may take the dispatch half without the server half")
                .check(classes);
    }

    @Test
    void onlyAdmissionGivesOutPermits() {
        noClasses()
                .that(not(belongToAnyOf(Admission.class, Plan.class, Permit.class)))
                .should()
                .callConstructorWhere(constructs(Permit.class))
                .because("forwarding takes the proof that somebody allowed it")
                .check(classes);
    }

    @Test
    void onePlaceTurnsFailuresIntoAnswers() {
        noClasses()
                .that(not(belongToAnyOf(FailureResponses.class, Answer.class)))
                .should()
                .callConstructorWhere(constructs(Answer.class))
                .because("edge and mesh tell a client the same about the same failure")
                .check(classes);
    }

    private static DescribedPredicate<JavaConstructorCall> constructs(Class<?> type) {
        return DescribedPredicate.<JavaConstructorCall>alwaysTrue()
                .and(target(owner(type(type))).forSubtype());
    }

    @Test
    void nothingBlocksAnEventLoop() {
        Set<String> waiting =
                Set.of("sleep", "block", "blockFirst", "blockLast", "join", "get", "await");
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.weft.dataplane.identity.AuthClient")
                .should()
                .callMethodWhere(
                        DescribedPredicate.describe(
                                "waits",
                                (JavaCall<?> call) ->
                                        waiting.contains(call.getName())
                                                && (call.getTargetOwner()
                                                                .isEquivalentTo(Thread.class)
                                                        || call.getTargetOwner()
                                                                .isAssignableTo(Mono.class)
                                                        || call.getTargetOwner()
                                                                .isAssignableTo(Flux.class)
                                                        || call.getTargetOwner()
                                                                .isAssignableTo(Future.class))))
                .because("a loop that waits for one request waits with all of them")
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
