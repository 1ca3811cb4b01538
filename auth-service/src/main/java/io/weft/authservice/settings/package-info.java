// SPDX-License-Identifier: Apache-2.0
/** What the start says when a setting is wrong. */
@NullMarked
package io.weft.authservice.settings;

import org.jspecify.annotations.NullMarked;
