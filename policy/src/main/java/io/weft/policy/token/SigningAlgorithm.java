// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.token;

/**
 * How tokens may be signed, by the names of RFC 7518 §3.1. Only with key pairs: whoever could
 * verify a token by a shared secret could also make one.
 */
public enum SigningAlgorithm {
    ES256,
    ES384,
    ES512,
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512
}
