// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.api;

import io.weft.configserver.feed.FeedHub;
import io.weft.configserver.publish.Pipeline;
import io.weft.configserver.publish.Publisher;
import io.weft.configserver.registry.Registry;
import io.weft.policy.codec.NodeJson;
import io.weft.policy.document.Node;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** The operator's API. */
@Configuration(proxyBeanMethods = false)
public class ApiConfiguration {

    @Bean
    PolicyController policyController(Publisher publisher, Pipeline pipeline) {
        return new PolicyController(publisher, pipeline);
    }

    @Bean
    StatusController statusController(Publisher publisher, FeedHub hub, Registry registry) {
        return new StatusController(publisher, hub, registry);
    }

    @Bean
    ApiFailures apiFailures() {
        return new ApiFailures();
    }

    @Bean
    ApiNotice apiNotice(ServerProperties server) {
        return new ApiNotice(server);
    }

    /** Objects are shown in the policy's own syntax. */
    @Bean
    JacksonModule policyNodes() {
        return new SimpleModule("policy-nodes").addSerializer(new NodeSerializer());
    }

    private static final class NodeSerializer extends StdSerializer<Node> {
        NodeSerializer() {
            super(Node.class);
        }

        @Override
        public void serialize(Node node, JsonGenerator json, SerializationContext context) {
            NodeJson.write(node, json);
        }
    }
}
