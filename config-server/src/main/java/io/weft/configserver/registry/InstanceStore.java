// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.registry;

import io.weft.configserver.state.DurableFile;
import io.weft.policy.feed.FeedCodec;
import io.weft.policy.feed.FeedCodec.UnreadableMessageException;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.feed.Instance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Instances on disk: one line for each, as the proxy that registered it said it. */
public final class InstanceStore {

    private static final Logger log = LoggerFactory.getLogger(InstanceStore.class);

    private final DurableFile file;

    public InstanceStore(DurableFile file) {
        this.file = file;
    }

    void save(Collection<Instance> instances) throws IOException {
        file.write(
                instances.stream().map(FeedMessage.Register::new).map(FeedCodec::write).toList());
    }

    List<Instance> load() throws IOException {
        var instances = new ArrayList<Instance>();
        for (String line : file.read()) {
            try {
                if (FeedCodec.readFromProxy(line) instanceof FeedMessage.Register(Instance each)) {
                    instances.add(each);
                }
            } catch (UnreadableMessageException e) {
                log.warn("{} has a line that is no instance: {}", file, e.getMessage());
            }
        }
        return instances;
    }
}
