// SPDX-License-Identifier: Apache-2.0
package io.weft.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.compile.Compilation;
import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.compile.PolicyText;
import io.weft.policy.match.RouteTable;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.request.Plane;
import java.util.List;

/** Policies as their owners write them. */
public final class TestPolicies {

    private TestPolicies() {}

    /** The objects of a document without problems. */
    public static PolicyObjects of(String yaml) {
        Compilation compilation =
                PolicyCompiler.compile(
                        List.of(new PolicyText("policy.yml", yaml)), List.of(), Good.NONE);
        assertThat(compilation.problems()).isEmpty();
        return compilation.good().objects();
    }

    public static RouteTable edge(String yaml) {
        return RouteTable.of(Plane.EDGE, of(yaml));
    }

    public static RouteTable mesh(String yaml) {
        return RouteTable.of(Plane.MESH, of(yaml));
    }
}
