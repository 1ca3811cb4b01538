// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.source;

import io.weft.policy.compile.PolicyText;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** One of Config Server's backends, as far as policy is read from it. */
sealed interface Backend permits DirectoryBackend, GitBackend {

    /**
     * Reads its documents.
     *
     * @param fetch whether a remote is to be asked for news
     * @throws UnreadableBackendException when what it holds cannot be known at the moment
     */
    Contents read(boolean fetch) throws UnreadableBackendException;

    /** The directories in which a change would change the documents. */
    Set<Path> directories();

    /**
     * @param origin the place that the document's name is relative to
     */
    record Found(String origin, PolicyText text) {}

    /**
     * @param settling whether a document was in the middle of a change
     */
    record Contents(List<Found> found, boolean settling) {
        public Contents {
            found = List.copyOf(found);
        }
    }

    /** What a backend holds cannot be known at the moment. */
    final class UnreadableBackendException extends Exception {
        private final String place;

        UnreadableBackendException(String place, String why) {
            super(why);
            this.place = place;
        }

        String place() {
            return place;
        }
    }
}
