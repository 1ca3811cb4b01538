// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import io.weft.conformance.model.ModelProxy;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ModelEdgeHostileAccessTest extends HostileAccessContract {

    @Override
    protected ProxyUnderTest start(ProxySpec spec) throws Exception {
        return new ModelProxy(Plane.EDGE, spec);
    }

    /** Enough to show that the suite can be met. */
    @Override
    Stream<Visitor> visitors() {
        return Stream.of(Visitor.GUEST);
    }

    @Override
    @TestFactory
    @Disabled("the model verifies no signatures")
    protected Stream<DynamicTest> tokens() {
        return Stream.of();
    }

    @Override
    @TestFactory
    @Disabled("the model shows no claims")
    protected Stream<DynamicTest> claimsAsFields() {
        return Stream.of();
    }

    @Override
    @Test
    @Disabled("the model verifies no signatures")
    protected void logsNoTokenAndNoStackTrace() {}
}
