// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.key;

import com.nimbusds.jose.jwk.ECKey;
import io.weft.authservice.seal.Seal;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.text.ParseException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Signing keys in the database, each sealed for its generation. */
final class SigningKeyStore {

    private static final String PURPOSE = "signing-key/";

    private final JdbcClient jdbc;
    private final Seal seal;

    SigningKeyStore(JdbcClient jdbc, Seal seal) {
        this.jdbc = jdbc;
        this.seal = seal;
    }

    /** All of them, oldest first. */
    List<SigningKey> all() {
        return jdbc.sql(
                        "select generation, sealed, signs_from from signing_key order by generation")
                .query(this::opened)
                .list();
    }

    private SigningKey opened(ResultSet row, int number) throws SQLException {
        int generation = row.getInt("generation");
        byte[] json = seal.open(PURPOSE + generation, row.getBytes("sealed"));
        try {
            return new SigningKey(
                    generation,
                    ECKey.parse(new String(json, StandardCharsets.UTF_8)),
                    row.getObject("signs_from", OffsetDateTime.class).toInstant());
        } catch (ParseException e) {
            throw new IllegalStateException("signing key " + generation + " is no JWK");
        }
    }

    /** Adds a key, unless another instance was first with this generation. */
    void add(SigningKey key) {
        byte[] json = key.key().toJSONString().getBytes(StandardCharsets.UTF_8);
        try {
            jdbc.sql("insert into signing_key (generation, sealed, signs_from) values (?, ?, ?)")
                    .param(key.generation())
                    .param(seal.seal(PURPOSE + key.generation(), json))
                    .param(key.signsFrom().atOffset(ZoneOffset.UTC))
                    .update();
        } catch (DuplicateKeyException e) {
            // Theirs is as good; it is read next.
        }
    }

    void remove(SigningKey key) {
        jdbc.sql("delete from signing_key where generation = ?").param(key.generation()).update();
    }
}
