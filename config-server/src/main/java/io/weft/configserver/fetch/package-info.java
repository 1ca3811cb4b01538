// SPDX-License-Identifier: Apache-2.0
/** Ordinary Spring clients that fetch their configuration. */
@NullMarked
package io.weft.configserver.fetch;

import org.jspecify.annotations.NullMarked;
