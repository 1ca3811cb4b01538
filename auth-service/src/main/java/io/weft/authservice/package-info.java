// SPDX-License-Identifier: Apache-2.0
/** The service that will sign people in and workloads' certificates; for now it only says so. */
@NullMarked
package io.weft.authservice;

import org.jspecify.annotations.NullMarked;
