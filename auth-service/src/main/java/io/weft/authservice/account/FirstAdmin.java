// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.account;

import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets somebody in where nobody is yet: one invitation, printed once. */
public final class FirstAdmin {

    private static final Logger log = LoggerFactory.getLogger(FirstAdmin.class);

    private static final Username ADMIN = new Username("admin");

    private final Accounts accounts;
    private final Invitations invitations;

    public FirstAdmin(Accounts accounts, Invitations invitations) {
        this.accounts = accounts;
        this.invitations = invitations;
    }

    /** Invites the first admin, unless there is one or the invitation is still good. */
    public void inviteIfNobodyCan() {
        if (accounts.hasAdmin() || invitations.isPending(ADMIN)) {
            return;
        }
        String secret = invitations.invite(ADMIN, Set.of(Accounts.ADMIN));
        log.warn(
                "There is no administrator yet. Within a day, set the password of \"{}\" at /welcome"
                        + " with this one-time secret, which is not shown again: {}",
                ADMIN,
                secret);
    }
}
