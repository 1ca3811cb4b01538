// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import java.util.List;

class OAuthOnH2Test extends OAuthContract {

    @Override
    List<String> database() {
        return List.of();
    }
}
