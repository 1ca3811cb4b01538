// SPDX-License-Identifier: Apache-2.0
/** The database of people and clients, and what happens while it is away. */
@NullMarked
package io.weft.authservice.database;

import org.jspecify.annotations.NullMarked;
