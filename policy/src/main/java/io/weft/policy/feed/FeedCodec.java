// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.feed;

import io.weft.policy.codec.NodeJson;
import io.weft.policy.document.Node;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.identity.TrustDomain;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.ObjectKind;
import io.weft.policy.request.Plane;
import io.weft.policy.snapshot.PolicyVersion;
import java.io.StringWriter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Feed messages as lines of JSON. Members that a reader does not know are skipped, so that a newer
 * writer can add some.
 */
public final class FeedCodec {

    private static final JsonFactory JSON = new JsonFactory();

    private FeedCodec() {}

    /** A line that is no message. */
    public static final class UnreadableMessageException extends Exception {
        private UnreadableMessageException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The message as one line, without its end. */
    public static String write(FeedMessage message) {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            switch (message) {
                case FeedMessage.Hello hello -> {
                    json.writeStringProperty("type", "hello");
                    json.writeNumberProperty("schema", hello.schema());
                    json.writeStringProperty("proxy", hello.proxy());
                    json.writeStringProperty("plane", hello.plane().label());
                    json.writeStringProperty("workload", hello.workload().toString());
                }
                case FeedMessage.Register register -> {
                    json.writeStringProperty("type", "register");
                    json.writeName("instance");
                    write(register.instance(), json);
                }
                case FeedMessage.Deregister deregister -> {
                    json.writeStringProperty("type", "deregister");
                    json.writeStringProperty("instance", deregister.instance());
                }
                case FeedMessage.Acknowledge acknowledge -> {
                    json.writeStringProperty("type", "acknowledge");
                    write("version", acknowledge.version(), json);
                }
                case FeedMessage.Refuse refuse -> {
                    json.writeStringProperty("type", "refuse");
                    write("version", refuse.version(), json);
                    write("problems", refuse.problems(), json, (each, to) -> to.writeString(each));
                }
                case FeedMessage.Heartbeat _ -> json.writeStringProperty("type", "heartbeat");
                case FeedMessage.Snapshot snapshot -> {
                    json.writeStringProperty("type", "snapshot");
                    json.writeNumberProperty("schema", snapshot.schema());
                    write("version", snapshot.version(), json);
                    json.writeStringProperty("trust-domain", snapshot.trustDomain().name());
                    write("objects", snapshot.objects(), json, FeedCodec::write);
                    json.writeObjectPropertyStart("endpoints");
                    new TreeMap<>(snapshot.endpoints())
                            .forEach(
                                    (service, all) ->
                                            write(service.toString(), all, json, FeedCodec::write));
                    json.writeEndObject();
                }
                case FeedMessage.Delta delta -> {
                    json.writeStringProperty("type", "delta");
                    write("from", delta.from(), json);
                    write("version", delta.version(), json);
                    json.writeStringProperty("trust-domain", delta.trustDomain().name());
                    write("changed", delta.changed(), json, FeedCodec::write);
                    write("removed", delta.removed(), json, FeedCodec::write);
                }
                case FeedMessage.Endpoints endpoints -> {
                    json.writeStringProperty("type", "endpoints");
                    json.writeStringProperty("service", endpoints.service().toString());
                    write("instances", endpoints.instances(), json, FeedCodec::write);
                }
                case FeedMessage.ApiKeys all -> {
                    json.writeStringProperty("type", "api-keys");
                    write("keys", all.keys(), json, FeedCodec::write);
                }
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void write(String name, PolicyVersion version, JsonGenerator json) {
        json.writeObjectPropertyStart(name);
        json.writeNumberProperty("epoch", version.epoch());
        json.writeNumberProperty("number", version.number());
        json.writeStringProperty("hash", version.hash());
        json.writeEndObject();
    }

    private static void write(ObjectKey key, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("kind", key.kind().root());
        json.writeStringProperty("name", key.name());
        json.writeEndObject();
    }

    private static <T> void write(
            String name, List<T> items, JsonGenerator json, BiConsumer<T, JsonGenerator> writer) {
        json.writeArrayPropertyStart(name);
        items.forEach(item -> writer.accept(item, json));
        json.writeEndArray();
    }

    private static void write(WireObject object, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("kind", object.key().kind().root());
        json.writeStringProperty("name", object.key().name());
        json.writeName("value");
        NodeJson.write(object.value(), json);
        json.writeEndObject();
    }

    private static void write(ApiKey key, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("sha256", key.sha256());
        json.writeStringProperty("client", key.client());
        write("scopes", key.scopes(), json, (each, to) -> to.writeString(each));
        write("roles", key.roles(), json, (each, to) -> to.writeString(each));
        if (key.expires() != null) {
            json.writeStringProperty("expires", key.expires().toString());
        }
        json.writeEndObject();
    }

    private static void write(Instance instance, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("id", instance.id());
        json.writeStringProperty("service", instance.service().toString());
        json.writeObjectPropertyStart("labels");
        instance.labels().forEach(json::writeStringProperty);
        json.writeEndObject();
        json.writeStringProperty("host", instance.host());
        json.writeNumberProperty("port", instance.port());
        if (instance.mtls()) {
            json.writeBooleanProperty("mtls", true);
        }
        json.writeEndObject();
    }

    /** Reads what a proxy says. */
    public static FeedMessage.FromProxy readFromProxy(String line)
            throws UnreadableMessageException {
        return read(line, FeedMessage.FromProxy.class);
    }

    /** Reads what the control plane says. */
    public static FeedMessage.FromControlPlane readFromControlPlane(String line)
            throws UnreadableMessageException {
        return read(line, FeedMessage.FromControlPlane.class);
    }

    private static <T extends FeedMessage> T read(String line, Class<T> direction)
            throws UnreadableMessageException {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            json.nextToken();
            var message = direction.cast(message(new Members(NodeJson.read(json, "feed"))));
            if (json.nextToken() != null) {
                throw new IllegalArgumentException("more than one message in a line");
            }
            return message;
        } catch (JacksonException | IllegalArgumentException | ClassCastException e) {
            String shown = line.length() > 200 ? line.substring(0, 200) + "…" : line;
            throw new UnreadableMessageException("not a message: " + shown, e);
        }
    }

    private static FeedMessage message(Members members) {
        return switch (members.text("type")) {
            case "hello" ->
                    new FeedMessage.Hello(
                            members.integer("schema"),
                            members.text("proxy"),
                            Plane.valueOf(members.text("plane").toUpperCase(Locale.ROOT)),
                            ServiceName.parse(members.text("workload")));
            case "register" -> new FeedMessage.Register(instance(members.members("instance")));
            case "deregister" -> new FeedMessage.Deregister(members.text("instance"));
            case "acknowledge" -> new FeedMessage.Acknowledge(version(members, "version"));
            case "refuse" ->
                    new FeedMessage.Refuse(
                            version(members, "version"),
                            members.items("problems").stream().map(Node::shown).toList());
            case "heartbeat" -> new FeedMessage.Heartbeat();
            case "snapshot" ->
                    new FeedMessage.Snapshot(
                            members.integer("schema"),
                            version(members, "version"),
                            new TrustDomain(members.text("trust-domain")),
                            objects(members.items("objects")),
                            endpoints(members.members("endpoints")));
            case "delta" ->
                    new FeedMessage.Delta(
                            version(members, "from"),
                            version(members, "version"),
                            new TrustDomain(members.text("trust-domain")),
                            objects(members.items("changed")),
                            keys(members.items("removed")));
            case "endpoints" ->
                    new FeedMessage.Endpoints(
                            ServiceName.parse(members.text("service")),
                            instances(members.items("instances")));
            case "api-keys" ->
                    new FeedMessage.ApiKeys(
                            members.items("keys").stream()
                                    .map(each -> apiKey(new Members(each)))
                                    .toList());
            default -> throw new IllegalArgumentException("unknown type " + members.text("type"));
        };
    }

    private static ApiKey apiKey(Members members) {
        return new ApiKey(
                members.text("sha256"),
                members.text("client"),
                texts(members.items("scopes")),
                texts(members.items("roles")),
                members.names().contains("expires") ? expires(members.text("expires")) : null);
    }

    private static List<String> texts(List<Node> nodes) {
        return nodes.stream().map(Node::shown).toList();
    }

    private static Instant expires(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("expires: " + text, e);
        }
    }

    private static PolicyVersion version(Members members, String name) {
        Members version = members.members(name);
        return new PolicyVersion(
                version.number("epoch"), version.number("number"), version.text("hash"));
    }

    /**
     * Objects of a kind that this release does not know are left out: nothing can refer to them.
     */
    private static List<WireObject> objects(List<Node> nodes) {
        var objects = new ArrayList<WireObject>();
        for (Node node : nodes) {
            var members = new Members(node);
            keys(List.of(node))
                    .forEach(key -> objects.add(new WireObject(key, members.node("value"))));
        }
        return objects;
    }

    private static List<ObjectKey> keys(List<Node> nodes) {
        var keys = new ArrayList<ObjectKey>();
        for (Node node : nodes) {
            var members = new Members(node);
            for (ObjectKind kind : ObjectKind.values()) {
                if (kind.root().equals(members.text("kind"))) {
                    keys.add(new ObjectKey(kind, members.text("name")));
                }
            }
        }
        return keys;
    }

    private static Map<ServiceName, List<Instance>> endpoints(Members members) {
        var endpoints = new TreeMap<ServiceName, List<Instance>>();
        for (String service : members.names()) {
            endpoints.put(ServiceName.parse(service), instances(members.items(service)));
        }
        return endpoints;
    }

    private static List<Instance> instances(List<Node> nodes) {
        return nodes.stream().map(node -> instance(new Members(node))).toList();
    }

    private static Instance instance(Members members) {
        var labels = new TreeMap<String, String>();
        Members written = members.members("labels");
        written.names().forEach(label -> labels.put(label, written.text(label)));
        return new Instance(
                members.text("id"),
                ServiceName.parse(members.text("service")),
                labels,
                members.text("host"),
                members.integer("port"),
                members.flag("mtls"));
    }

    /** The members of a JSON object, asked by name. */
    private static final class Members {
        private final Node.Mapping mapping;

        Members(Node node) {
            if (!(node instanceof Node.Mapping map)) {
                throw new IllegalArgumentException("expected an object, got " + node.shown());
            }
            this.mapping = map;
        }

        List<String> names() {
            return mapping.entries().stream().map(entry -> entry.key().text()).toList();
        }

        Node node(String name) {
            Node node = mapping.get(name);
            return node == null ? new Node.Refused(mapping.at(), name, "missing") : node;
        }

        String text(String name) {
            if (node(name) instanceof Node.Scalar scalar && !scalar.isNothing()) {
                return scalar.text();
            }
            throw new IllegalArgumentException("no text " + name);
        }

        long number(String name) {
            return Long.parseLong(text(name));
        }

        int integer(String name) {
            return Integer.parseInt(text(name));
        }

        /** Whether it is there and says true. */
        boolean flag(String name) {
            return mapping.get(name) != null && Boolean.parseBoolean(text(name));
        }

        Members members(String name) {
            return new Members(node(name));
        }

        List<Node> items(String name) {
            if (node(name) instanceof Node.Sequence sequence) {
                return sequence.items();
            }
            throw new IllegalArgumentException("no list " + name);
        }
    }
}
