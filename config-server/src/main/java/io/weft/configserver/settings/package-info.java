// SPDX-License-Identifier: Apache-2.0
/** What is wrong with the settings at start, and what to do about it. */
@NullMarked
package io.weft.configserver.settings;

import org.jspecify.annotations.NullMarked;
