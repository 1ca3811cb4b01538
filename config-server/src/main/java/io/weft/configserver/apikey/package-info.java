// SPDX-License-Identifier: Apache-2.0
/** Follows the API keys of the auth service, for the feed. */
@NullMarked
package io.weft.configserver.apikey;

import org.jspecify.annotations.NullMarked;
