// SPDX-License-Identifier: Apache-2.0
/** What the settings of all proxies have in common. */
@NullMarked
package io.weft.dataplane.settings;

import org.jspecify.annotations.NullMarked;
