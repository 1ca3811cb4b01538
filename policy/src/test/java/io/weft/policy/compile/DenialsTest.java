// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.access.AccessRule;
import io.weft.policy.access.Effect;
import io.weft.policy.access.Mode;
import io.weft.policy.access.RequiredUser;
import io.weft.policy.request.Sources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broken rule that was to deny fails closed. */
class DenialsTest {

    private static final String SERVICES = "weft: { services: { orders: , payments: , catalog: } }";
    private static final String DENY =
            """
            weft:
              access:
                no-admin: { to: { services: [orders], paths: [/admin/**] }, user: anyone, effect: deny }
            """;

    private static Owner owner() {
        return Owner.of().writes("services.yml", SERVICES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ to: { services: [orders, PAYMENTS] }, user: anyone, effect: deny }",
                "{ to: { services: [orders] }, user: everybody, effect: deny }",
                "{ to: { services: orders }, user: anyone, effect: deny }",
                "{ to: { services: [orders], paths: [/a*] }, user: anyone, effect: Deny }",
                "{ to: { services: [orders] }, user: anyone, efect: deny }",
                "{ to: { services: [orders] }, user: anyone, effect: denny }",
                "{ to: { services: [orders] }, user: anyone, effect: allow, effect: deny }",
                "{ mode: shadwo, to: { services: [orders] }, user: anyone, effect: deny }",
                "{ to: { services: [orders], <<: {} }, user: anyone, effect: deny }",
                "{ to: { services: [orders, orders.team] }, user: anyone, effect: deny }",
                "{ to: { services: [orders] }, effect: deny }"
            })
    void refusesTheTargetsThatCanBeReadAndExist(String rule) {
        Owner owner = owner().writes("a.yml", "weft: { access: { r: " + rule + " } }").compiles();

        assertThat(owner.problems()).isNotEmpty();
        assertThat(owner.standIns()).containsExactly("access/r");
        AccessRule standIn = owner.access("r");
        assertThat(standIn.to().services()).map(Object::toString).containsExactly("orders");
        assertThat(standIn.to().paths()).isEmpty();
        assertThat(standIn.to().methods()).isEmpty();
        assertThat(standIn.to().headers()).isEmpty();
        assertThat(standIn.from()).isEqualTo(Sources.ANY);
        assertThat(standIn.user()).isEqualTo(new RequiredUser.Anyone());
        assertThat(standIn.effect()).isEqualTo(Effect.DENY);
        assertThat(standIn.mode()).isEqualTo(Mode.ENFORCE);
        assertThat(owner.kept()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ user: anyone, effect: deny }",
                "{ to: { services: [Orders] }, user: anyone, effect: deny }",
                "{ to: everything, user: anyone, effect: deny }"
            })
    void refusesEverythingWhenItDoesNotSayWhat(String rule) {
        Owner owner = owner().writes("a.yml", "weft: { access: { r: " + rule + " } }").compiles();

        assertThat(owner.access("r").to().services())
                .map(Object::toString)
                .containsExactly("catalog", "orders", "payments");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ to: { services: [orders] }, user: nobody, effect: allow }",
                "{ mode: shadow, to: { services: [orders] }, user: nobody, effect: deny }",
                "{ mode: disabled, to: { services: [orders] }, user: nobody, effect: deny }",
                "{ mode: shadow, to: { services: [orders, gone] }, user: anyone, effect: deny }",
                "{ to: { services: [gone] }, user: anyone, effect: deny }",
                "deny"
            })
    void otherBrokenRulesAreLeftOut(String rule) {
        Owner owner = owner().writes("a.yml", "weft: { access: { r: " + rule + " } }").compiles();

        assertThat(owner.problems()).isNotEmpty();
        assertThat(owner.standIns()).isEmpty();
        assertThat(owner.objects()).doesNotContain("access/r");
    }

    @Test
    void keepsTheLastGoodFormInstead() {
        Owner owner = owner().writes("a.yml", DENY).compiles();
        AccessRule good = owner.access("no-admin");

        owner.writes("a.yml", DENY.replace("anyone", "somebody")).compiles();

        assertThat(owner.access("no-admin")).isEqualTo(good);
        assertThat(owner.standIns()).isEmpty();
        assertThat(owner.kept()).containsExactly("access/no-admin");
    }

    @Test
    void aStandInIsNeverALastGoodForm() {
        Owner owner = owner().writes("a.yml", DENY.replace("anyone", "somebody")).compiles();
        assertThat(owner.standIns()).containsExactly("access/no-admin");

        owner.compiles();
        assertThat(owner.standIns()).containsExactly("access/no-admin");
        assertThat(owner.kept()).isEmpty();

        owner.writes("a.yml", DENY.replace("anyone", "somebody").replace("deny", "allow"))
                .compiles();
        assertThat(owner.objects()).doesNotContain("access/no-admin");

        owner.writes("a.yml", DENY).compiles();
        assertThat(owner.problems()).isEmpty();
        assertThat(owner.standIns()).isEmpty();
        assertThat(owner.access("no-admin").to().paths()).hasSize(1);
    }

    @Test
    void aStandInStaysWhileItsDocumentIsUnclear() {
        Owner owner = owner().writes("a.yml", DENY.replace("anyone", "somebody")).compiles();

        for (String unclear : new String[] {"{", "weft: { acces: {} }", "- a", "weft: text"}) {
            owner.writes("a.yml", unclear).compiles();
            assertThat(owner.standIns()).as(unclear).containsExactly("access/no-admin");
            assertThat(owner.kept()).isEmpty();
        }
        assertThat(owner.removes("a.yml").compiles().objects()).doesNotContain("access/no-admin");
    }

    @Test
    void refusesTheTargetsOfARuleThatIsDeclaredTwice() {
        Owner owner =
                owner().writes("a.yml", DENY)
                        .writes("b.yml", DENY.replace("[orders]", "[payments]"))
                        .compiles();

        assertThat(owner.problems()).hasSize(2);
        assertThat(owner.access("no-admin").to().services())
                .map(Object::toString)
                .containsExactly("orders", "payments");

        owner = owner().writes("a.yml", DENY + DENY.lines().toList().get(2) + "\n").compiles();
        assertThat(owner.problems()).hasSize(1);
        assertThat(owner.standIns()).containsExactly("access/no-admin");
    }

    @Test
    void refusesTheTargetsOfARuleThatNamesWhatDoesNotExist() {
        Owner owner =
                owner().writes(
                                "a.yml",
                                """
                                weft:
                                  access:
                                    r: { to: { services: [orders] }, from: { workloads: [gone] }, effect: deny }
                                """)
                        .compiles();

        assertThat(owner.problems()).hasSize(1);
        assertThat(owner.standIns()).containsExactly("access/r");
    }
}
