// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.listen;

import io.weft.policy.identity.ServiceName;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A document that this service offers over TLS as well.
 *
 * @param path where
 * @param reader the one workload that may read it; null for everybody
 * @param json what it says now; may block
 */
public record Published(String path, @Nullable ServiceName reader, Supplier<String> json) {}
