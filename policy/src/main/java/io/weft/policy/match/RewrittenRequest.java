// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.request.HeaderName;
import io.weft.policy.request.RequestView;
import java.util.Arrays;

/** A request as it arrives behind a rule, for explanations: proxies change their own. */
public final class RewrittenRequest implements RequestView {

    private final RequestView asked;
    private final byte[] bytes;
    private final int hostStart;
    private final int hostEnd;
    private final int pathStart;
    private final int pathEnd;

    public RewrittenRequest(RequestView asked, CompiledRewrite rewrite) {
        this.asked = asked;
        int size = asked.bytes().length;
        byte[] host = rewrite.host();
        int room = rewrite.path().room(asked.pathEnd() - asked.pathStart());
        this.bytes = Arrays.copyOf(asked.bytes(), size + room + (host == null ? 0 : host.length));
        this.pathStart = size;
        this.pathEnd =
                rewrite.path()
                        .apply(asked.bytes(), asked.pathStart(), asked.pathEnd(), bytes, size);
        if (host == null) {
            this.hostStart = asked.hostStart();
            this.hostEnd = asked.hostEnd();
        } else {
            System.arraycopy(host, 0, bytes, size + room, host.length);
            this.hostStart = size + room;
            this.hostEnd = hostStart + host.length;
        }
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int methodStart() {
        return asked.methodStart();
    }

    @Override
    public int methodEnd() {
        return asked.methodEnd();
    }

    @Override
    public int hostStart() {
        return hostStart;
    }

    @Override
    public int hostEnd() {
        return hostEnd;
    }

    @Override
    public int port() {
        return asked.port();
    }

    @Override
    public int pathStart() {
        return pathStart;
    }

    @Override
    public int pathEnd() {
        return pathEnd;
    }

    @Override
    public int queryStart() {
        return asked.queryStart();
    }

    @Override
    public int queryEnd() {
        return asked.queryEnd();
    }

    @Override
    public int header(HeaderName name, int from) {
        return asked.header(name, from);
    }

    @Override
    public int valueStart(int header) {
        return asked.valueStart(header);
    }

    @Override
    public int valueEnd(int header) {
        return asked.valueEnd(header);
    }
}
