// SPDX-License-Identifier: Apache-2.0
/** What an agent answers about itself. */
@NullMarked
package io.weft.meshagent.admin;

import org.jspecify.annotations.NullMarked;
