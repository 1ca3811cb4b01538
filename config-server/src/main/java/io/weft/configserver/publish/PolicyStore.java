// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.publish;

import io.weft.configserver.state.DurableFile;
import io.weft.policy.compile.Compilation;
import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.document.Node;
import io.weft.policy.feed.ContentHash;
import io.weft.policy.feed.FeedCodec;
import io.weft.policy.feed.FeedCodec.UnreadableMessageException;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.feed.WireObject;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.ObjectKind;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is published, on disk: one line about its origin, then the snapshot as proxies get it, in
 * the one syntax that every release reads.
 */
public final class PolicyStore {

    private static final Logger log = LoggerFactory.getLogger(PolicyStore.class);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final DurableFile file;

    public PolicyStore(DurableFile file) {
        this.file = file;
    }

    /**
     * The first line.
     *
     * @param documents for each object the document that declares it
     * @param standIns objects that stand in for a broken denial
     */
    private record Origin(String since, Map<String, String> documents, List<String> standIns) {

        static Origin of(Publication publication) {
            var documents = new HashMap<String, String>();
            publication
                    .good()
                    .documents()
                    .forEach((key, document) -> documents.put(key.toString(), document));
            return new Origin(
                    publication.since().toString(),
                    documents,
                    publication.good().standIns().stream().map(ObjectKey::toString).toList());
        }

        Map<ObjectKey, String> documentsByKey() {
            var byKey = new HashMap<ObjectKey, String>();
            documents.forEach((text, document) -> byKey.put(key(text), document));
            return byKey;
        }

        Set<ObjectKey> standInKeys() {
            var keys = new HashSet<ObjectKey>();
            standIns.forEach(text -> keys.add(key(text)));
            return keys;
        }

        private static ObjectKey key(String text) {
            int slash = text.indexOf('/');
            ObjectKind kind =
                    Stream.of(ObjectKind.values())
                            .filter(each -> each.root().equals(text.substring(0, slash)))
                            .findFirst()
                            .orElseThrow(() -> new IllegalArgumentException("no object: " + text));
            return new ObjectKey(kind, text.substring(slash + 1));
        }
    }

    /** Returns when the publication would survive a crash. */
    void save(Publication publication) throws IOException {
        file.write(
                List.of(
                        JSON.writeValueAsString(Origin.of(publication)),
                        FeedCodec.write(snapshot(publication))));
    }

    private static FeedMessage.Snapshot snapshot(Publication publication) {
        return new FeedMessage.Snapshot(
                FeedMessage.SCHEMA,
                publication.version(),
                publication.objects().trustDomain(),
                publication.objects().byKey().values().stream().map(WireObject::of).toList(),
                Map.of());
    }

    /**
     * What was published last. A file that cannot be understood, or not wholly, is set aside and
     * counts as lost.
     */
    Optional<Publication> load() throws IOException {
        List<String> lines = file.read();
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(publication(lines));
        } catch (UnreadableMessageException | RuntimeException e) {
            log.error(
                    "{} is damaged and was set aside as {}; the policy starts from its documents"
                            + " alone, in a new epoch",
                    file,
                    file.setAside(),
                    e);
            return Optional.empty();
        }
    }

    private static Publication publication(List<String> lines) throws UnreadableMessageException {
        Origin origin = JSON.readValue(lines.get(0), Origin.class);
        if (!(FeedCodec.readFromControlPlane(lines.get(1)) instanceof FeedMessage.Snapshot read)) {
            throw new IllegalArgumentException("no snapshot");
        }
        var nodes = new HashMap<ObjectKey, Node>();
        read.objects().forEach(object -> nodes.put(object.key(), object.value()));
        Compilation compiled =
                PolicyCompiler.compile("state", read.trustDomain(), nodes, Good.NONE);
        if (!ContentHash.of(compiled.good().objects()).equals(read.version().hash())) {
            throw new IllegalArgumentException(
                    "content is not that of version " + read.version() + compiled.problems());
        }
        var good =
                new Good(compiled.good().objects(), origin.documentsByKey(), origin.standInKeys());
        return new Publication(read.version(), Instant.parse(origin.since()), good);
    }
}
