// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.enrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.authservice.enrol.EnrolmentSettings.Kubernetes;
import io.weft.authservice.enrol.Refusal.Kind;
import io.weft.authservice.fixture.TestCluster;
import io.weft.policy.identity.ServiceName;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a cluster attests (C-05). */
class TokenReviewTest {

    @TempDir Path directory;
    private TestCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = TestCluster.start(directory);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private ServiceName ask() {
        var settings =
                new Kubernetes(cluster.address(), cluster.caFile(), cluster.tokenFile(), "weft");
        return new TokenReview(settings).review("of the pod");
    }

    private void refuses(Kind kind) {
        assertThatThrownBy(this::ask)
                .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageNotContaining("of the pod");
    }

    @Test
    void serviceAccountIsTheWorkloadOfItsNamespace() {
        cluster.knows("weft", "system:serviceaccount:finance:billing");

        assertThat(ask()).isEqualTo(new ServiceName("billing", "finance"));
        assertThat(cluster.authorization()).isEqualTo("Bearer reviewer");
        assertThat(cluster.asked().path("spec").path("token").asString()).isEqualTo("of the pod");
        assertThat(cluster.asked().path("spec").path("audiences").get(0).asString())
                .isEqualTo("weft");
    }

    @Test
    void tokensThatAreExpiredOrNotForUsAreRefused() {
        cluster.answer(
                "{\"status\": {\"authenticated\": false, \"error\": \"token has expired\"}}");
        refuses(Kind.NOT_ATTESTED);
        cluster.knows("vault", "system:serviceaccount:finance:billing");
        refuses(Kind.NOT_ATTESTED);
        cluster.answer("{\"status\": {\"authenticated\": true, \"user\": {\"username\": \"x\"}}}");
        refuses(Kind.NOT_ATTESTED);
    }

    @Test
    void usersAreNoWorkloads() {
        for (String name :
                List.of(
                        "admin",
                        "system:node:a",
                        "system:serviceaccount:a",
                        "system:serviceaccount:A:b")) {
            cluster.knows("weft", name);
            refuses(Kind.FORBIDDEN);
        }
    }

    @Test
    void clusterThatDoesNotAnswerIsNoVerdict() throws Exception {
        cluster.answer("no JSON");
        refuses(Kind.UNAVAILABLE);
        cluster.status(403);
        refuses(Kind.UNAVAILABLE);
        cluster.changeItsRoot();
        refuses(Kind.UNAVAILABLE);
    }
}
