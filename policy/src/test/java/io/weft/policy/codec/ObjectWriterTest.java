// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.Golden;
import io.weft.policy.Seed;
import io.weft.policy.TestObjects;
import io.weft.policy.TestPolicies;
import io.weft.policy.compile.Compilation;
import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.document.Node;
import io.weft.policy.identity.TrustDomain;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.PolicyObject;
import io.weft.policy.object.PolicyObjects;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

class ObjectWriterTest {

    private static final JsonFactory JSON = new JsonFactory();

    static Stream<Golden> policies() throws IOException {
        return Golden.in("written");
    }

    @ParameterizedTest
    @MethodSource("policies")
    void writesEachObjectInOneForm(Golden policy) {
        PolicyObjects objects = TestPolicies.of(policy.text());

        policy.assertGives(
                objects.byKey().values().stream()
                        .map(each -> '"' + each.key().toString() + "\": " + json(each))
                        .collect(Collectors.joining(",\n  ", "{\n  ", "\n}\n")));
        assertThat(reread(objects)).isEqualTo(objects.byKey());
    }

    @Test
    void readsBackWhatItWrites() {
        Random random = Seed.random(ObjectWriterTest.class);
        var generated = new TestObjects(random);
        for (int round = 0; round < 500; round++) {
            var all = new ArrayList<PolicyObject>(generated.services());
            all.addAll(generated.routes(8));
            generated.tokens().forEach(token -> all.add(new PolicyObject.OfToken(token)));
            generated.accessRules(8).forEach(rule -> all.add(new PolicyObject.OfAccess(rule)));
            var objects = new PolicyObjects(TrustDomain.DEFAULT, all);

            assertThat(reread(objects)).isEqualTo(objects.byKey());
        }
    }

    private static Map<ObjectKey, PolicyObject> reread(PolicyObjects objects) {
        var nodes = new TreeMap<ObjectKey, Node>();
        objects.byKey().forEach((key, object) -> nodes.put(key, parse(json(object))));
        Compilation compilation =
                PolicyCompiler.compile("feed", objects.trustDomain(), nodes, Good.NONE);
        assertThat(compilation.problems()).isEmpty();
        return compilation.good().objects().byKey();
    }

    private static String json(PolicyObject object) {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            NodeJson.write(ObjectWriter.write(object), json);
        }
        return text.toString();
    }

    private static Node parse(String text) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            json.nextToken();
            return NodeJson.read(json, "feed");
        }
    }
}
