// SPDX-License-Identifier: Apache-2.0
/** What the start says. */
@NullMarked
package io.weft.authservice.settings;

import org.jspecify.annotations.NullMarked;
