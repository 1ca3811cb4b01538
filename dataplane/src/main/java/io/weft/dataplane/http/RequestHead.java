// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.policy.match.CompiledRewrite;
import io.weft.policy.match.PathRewrite;
import io.weft.policy.request.HeaderName;
import io.weft.policy.request.PathNormalizer;
import io.weft.policy.request.RequestView;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, checked and ready to be matched and forwarded. What it shows is what will
 * be sent on: the path in normal form, the one host, the one framing.
 */
public final class RequestHead extends MessageHead implements RequestView {

    private static final int MAX_METHOD = 32;

    /** What is copied has been within its limits, and may have been rewritten since. */
    private static final HttpLimits COPY = new HttpLimits(256 * 1024, 1_000);

    private static final int AS_WRITTEN = -1;
    private static final int VERSION_LENGTH = "HTTP/1.1".length();
    private static final HeaderName HOST = HeaderName.of("host");

    private int methodStart;
    private int methodEnd;
    private int targetStart;
    private int targetEnd;
    private int authorityStart;
    private int authorityEnd;
    private int askedAuthorityStart;
    private int askedAuthorityEnd;
    private int hostStart;
    private int hostEnd;
    private int port;

    /** Where {@link #AS_WRITTEN}, the authority says which port is asked for. */
    private int arrivalPort = AS_WRITTEN;

    private int forwardPathStart;
    private int forwardPathEnd;
    private int pathStart;
    private int pathEnd;
    private int queryStart;
    private int queryEnd;
    private boolean expectsContinue;
    private boolean emptyLineSkipped;
    private boolean startLineRead;
    private boolean wantsUpgrade;
    private boolean rewritten;
    private final Waiting waiting = new Waiting();

    public RequestHead(HttpLimits limits) {
        super(limits);
    }

    @Override
    public void reset() {
        super.reset();
        expectsContinue = false;
        emptyLineSkipped = false;
        startLineRead = false;
        wantsUpgrade = false;
        rewritten = false;
        methodStart = 0;
        methodEnd = 0;
        authorityStart = -1;
        authorityEnd = -1;
    }

    // ---- request line: method SP target SP version -------------------------------------------

    @Override
    @Nullable HttpFault startLine(int start, int end) {
        if (start == end && !emptyLineSkipped) {
            // RFC 9112 §2.2: one empty line before a request is forgiven.
            emptyLineSkipped = true;
            return null;
        }
        startLineRead = true;
        waiting.reset();
        int space = indexOf(start, end, ' ');
        HttpFault fault = readMethod(start, space);
        if (fault != null) {
            return fault;
        }
        int second = indexOf(space + 1, end, ' ');
        fault = second >= end ? HttpFault.BAD_REQUEST_LINE : readVersion(second + 1, end);
        if (fault != null) {
            return fault;
        }
        targetStart = space + 1;
        targetEnd = second;
        return targetStart == targetEnd ? HttpFault.BAD_REQUEST_LINE : readTarget();
    }

    @Override
    boolean isStartLinePending() {
        return !startLineRead;
    }

    @Override
    HttpFault startLineTooLong(int length) {
        return indexOf(0, length, ' ') == length
                ? HttpFault.METHOD_NOT_IMPLEMENTED
                : HttpFault.TARGET_TOO_LONG;
    }

    private @Nullable HttpFault readMethod(int start, int end) {
        if (start == end) {
            return HttpFault.BAD_REQUEST_LINE;
        }
        boolean plain = end - start <= MAX_METHOD;
        for (int i = start; i < end; i++) {
            byte b = bytes()[i];
            if (HeaderName.tokenByte(b) == 0) {
                return HttpFault.BAD_REQUEST_LINE;
            }
            plain &= b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-';
        }
        methodStart = start;
        methodEnd = end;
        if (!plain) {
            return HttpFault.METHOD_NOT_IMPLEMENTED;
        }
        return isMethod("CONNECT") || isMethod("TRACE") ? HttpFault.METHOD_NOT_ALLOWED : null;
    }

    private @Nullable HttpFault readVersion(int start, int end) {
        byte[] b = bytes();
        if (end - start != VERSION_LENGTH
                || b[start] != 'H'
                || b[start + 1] != 'T'
                || b[start + 2] != 'T'
                || b[start + 3] != 'P'
                || b[start + 4] != '/'
                || b[start + 6] != '.'
                || !isDigit(b[start + 5])
                || !isDigit(b[start + 7])) {
            return HttpFault.BAD_REQUEST_LINE;
        }
        if (b[start + 5] != '1' || b[start + 7] > '1') {
            return HttpFault.VERSION_NOT_SUPPORTED;
        }
        http10(b[start + 7] == '0');
        return null;
    }

    /** Reads origin form, absolute form or the asterisk (RFC 9112 §3.2). */
    private @Nullable HttpFault readTarget() {
        byte[] b = bytes();
        for (int i = targetStart; i < targetEnd; i++) {
            if (b[i] == '#') {
                return HttpFault.BAD_TARGET;
            }
        }
        if (b[targetStart] == '/') {
            return readPathAndQuery(targetStart);
        }
        if (b[targetStart] == '*' && targetEnd - targetStart == 1 && isMethod("OPTIONS")) {
            pathStart = targetStart;
            pathEnd = targetEnd;
            forwardPathStart = pathStart;
            forwardPathEnd = pathEnd;
            queryStart = targetEnd;
            queryEnd = targetEnd;
            return null;
        }
        int authority = afterScheme();
        if (authority < 0) {
            return HttpFault.BAD_TARGET;
        }
        int end = authority;
        while (end < targetEnd && b[end] != '/' && b[end] != '?') {
            end++;
        }
        authorityStart = authority;
        authorityEnd = end;
        if (end < targetEnd && b[end] == '/') {
            return readPathAndQuery(end);
        }
        // No path: an empty one is the root. The byte before is part of "://", which is read
        // already.
        int at = authority - 1;
        pathStart = at;
        pathEnd = at + 1;
        forwardPathStart = pathStart;
        forwardPathEnd = pathEnd;
        queryStart = Math.min(end + 1, targetEnd);
        queryEnd = targetEnd;
        return null;
    }

    private int afterScheme() {
        int length = targetEnd - targetStart;
        if (length > 7 && is(targetStart, targetStart + 7, "http://")) {
            return targetStart + 7;
        }
        return length > 8 && is(targetStart, targetStart + 8, "https://") ? targetStart + 8 : -1;
    }

    private @Nullable HttpFault readPathAndQuery(int start) {
        byte[] b = bytes();
        int question = indexOf(start, targetEnd, '?');
        int end = PathNormalizer.normalize(b, start, question, b, start);
        if (end < 0) {
            return HttpFault.BAD_PATH;
        }
        forwardPathStart = start;
        forwardPathEnd = end;
        pathStart = start;
        pathEnd = end;
        queryStart = Math.min(question + 1, targetEnd);
        queryEnd = targetEnd;
        return null;
    }

    // ---- fields -------------------------------------------------------------------------------

    @Override
    @Nullable HttpFault complete() {
        HttpFault fault = super.complete();
        if (fault == null) {
            fault = readHost();
        }
        if (fault == null) {
            makeComparable();
        }
        return fault;
    }

    @Override
    @Nullable HttpFault field(FieldKind kind, int field) {
        if (kind == FieldKind.EXPECT) {
            if (!is(field, "100-continue")) {
                return HttpFault.BAD_EXPECTATION;
            }
            // RFC 9110 §10.1.1: HTTP/1.0 knows no interim response.
            expectsContinue = !isHttp10();
        } else if (kind == FieldKind.UPGRADE) {
            wantsUpgrade = true;
        } else {
            waiting.read(this, kind, field);
        }
        return null;
    }

    /** What the sender says about how long it waits, and whether it looks at the answer. */
    public Waiting waiting() {
        return waiting;
    }

    private @Nullable HttpFault readHost() {
        int field = header(HOST, 0);
        if (field < 0 || header(HOST, field + 1) >= 0) {
            return HttpFault.BAD_HOST;
        }
        int start = valueStart(field);
        int end = valueEnd(field);
        if (authorityStart >= 0 && !sameIgnoringCase(start, end, authorityStart, authorityEnd)) {
            return HttpFault.BAD_HOST;
        }
        authorityStart = start;
        authorityEnd = end;
        askedAuthorityStart = start;
        askedAuthorityEnd = end;
        int hostLength = Authority.hostLength(bytes(), start, end);
        if (hostLength <= 0) {
            return HttpFault.BAD_HOST;
        }
        hostStart = start;
        hostEnd = start + hostLength;
        port = hostEnd == end ? DEFAULT_PORT : Authority.port(bytes(), hostEnd + 1, end);
        if (hasUpperCase(hostStart, hostEnd)) {
            int copy = appendix(hostLength);
            for (int i = 0; i < hostLength; i++) {
                bytes()[copy + i] = lower(bytes()[start + i]);
            }
            hostStart = copy;
            hostEnd = copy + hostLength;
        }
        if (bytes()[hostEnd - 1] == '.') {
            // A fully qualified name is the same host.
            hostEnd--;
        }
        return null;
    }

    /** Paths are compared with percent-encodings in upper case and forwarded as they were sent. */
    private void makeComparable() {
        if (indexOf(pathStart, pathEnd, '%') == pathEnd) {
            return;
        }
        int size = pathEnd - pathStart;
        int copy = appendix(size);
        if (PathNormalizer.upperCaseEscapes(bytes(), pathStart, pathEnd, bytes(), copy)) {
            pathStart = copy;
            pathEnd = copy + size;
        }
    }

    private boolean hasUpperCase(int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes()[i] >= 'A' && bytes()[i] <= 'Z') {
                return true;
            }
        }
        return false;
    }

    private boolean sameIgnoringCase(int start, int end, int otherStart, int otherEnd) {
        if (end - start != otherEnd - otherStart) {
            return false;
        }
        for (int i = 0; i < end - start; i++) {
            if (lower(bytes()[start + i]) != lower(bytes()[otherStart + i])) {
                return false;
            }
        }
        return true;
    }

    private int indexOf(int start, int end, char wanted) {
        int at = start;
        while (at < end && bytes()[at] != wanted) {
            at++;
        }
        return at;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    // ---- change -------------------------------------------------------------------------------

    /**
     * From now on this is a request for something else, whoever looks at it. Only the first change
     * counts: whoever is not sure whether it has been made makes it.
     */
    public void rewrite(CompiledRewrite rewrite) {
        if (rewritten || rewrite.equals(CompiledRewrite.NONE)) {
            return;
        }
        rewritten = true;
        if (!rewrite.path().isNone() && bytes()[pathStart] == '/') {
            int copy = appendix(rewrite.path().room(pathEnd - pathStart));
            int end = rewrite.path().apply(bytes(), pathStart, pathEnd, bytes(), copy);
            pathStart = copy;
            pathEnd = end;
            forwardPathStart = copy;
            forwardPathEnd = end;
        }
        byte[] host = rewrite.host();
        if (host != null) {
            int copy = appendix(host.length);
            System.arraycopy(host, 0, bytes(), copy, host.length);
            authorityStart = copy;
            authorityEnd = copy + host.length;
            hostStart = authorityStart;
            hostEnd = authorityEnd;
        }
    }

    /**
     * The same request with a body of that many bytes, apart from the connection on which it came.
     *
     * @param writer that nobody is using
     * @return null when the request is too large to be copied
     */
    public @Nullable RequestHead copy(HeadWriter writer, long bodyBytes) {
        writer.copy(this);
        if (bodyBytes > 0 || contentLength() == 0) {
            writer.contentLength(bodyBytes);
        }
        ByteBuf bytes = Unpooled.buffer(writer.size());
        writer.endTo(bytes);
        var copy = new RequestHead(COPY);
        if (copy.feed(bytes) != Progress.COMPLETE) {
            return null;
        }
        if (authorityStart != askedAuthorityStart) {
            byte[] host = Arrays.copyOfRange(bytes(), authorityStart, authorityEnd);
            copy.rewrite(new CompiledRewrite(host, PathRewrite.NONE));
        }
        return copy;
    }

    // ---- what others see ----------------------------------------------------------------------

    /** Whether the sender waits for 100 (Continue) before it sends the body. */
    public boolean expectsContinue() {
        return expectsContinue;
    }

    /** Whether the sender would like another protocol; it is not passed on by itself. */
    public boolean wantsUpgrade() {
        return wantsUpgrade;
    }

    /** Whether a body may follow. */
    public boolean hasBody() {
        return isChunked() || contentLength() > 0;
    }

    public boolean isMethod(String method) {
        byte[] b = bytes();
        if (methodEnd - methodStart != method.length()) {
            return false;
        }
        for (int i = 0; i < method.length(); i++) {
            if (b[methodStart + i] != method.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether doing it twice is as good as doing it once (RFC 9110 §9.2.2). */
    public boolean isIdempotent() {
        return switch (bytes()[methodStart]) {
            case 'G' -> isMethod("GET");
            case 'H' -> isMethod("HEAD");
            case 'O' -> isMethod("OPTIONS");
            case 'P' -> isMethod("PUT");
            case 'D' -> isMethod("DELETE");
            default -> false;
        };
    }

    @Override
    public int methodStart() {
        return methodStart;
    }

    @Override
    public int methodEnd() {
        return methodEnd;
    }

    /** Where host and port start, as the client wrote them. */
    int authorityStart() {
        return authorityStart;
    }

    int authorityEnd() {
        return authorityEnd;
    }

    /** As {@link #authorityStart}, whatever has become of the request since. */
    int askedAuthorityStart() {
        return askedAuthorityStart;
    }

    int askedAuthorityEnd() {
        return askedAuthorityEnd;
    }

    /**
     * From now on the port on which requests arrive is the one that they ask for, whatever their
     * authority says.
     */
    public void arriveOn(int port) {
        arrivalPort = port;
    }

    @Override
    public int port() {
        return arrivalPort == AS_WRITTEN ? port : arrivalPort;
    }

    /** The port that the client wrote, in digits; empty when it wrote none. */
    String writtenPort() {
        int length = Authority.hostLength(bytes(), askedAuthorityStart, askedAuthorityEnd);
        int start = Math.min(askedAuthorityStart + length + 1, askedAuthorityEnd);
        return new String(bytes(), start, askedAuthorityEnd - start, StandardCharsets.US_ASCII);
    }

    @Override
    public int hostStart() {
        return hostStart;
    }

    @Override
    public int hostEnd() {
        return hostEnd;
    }

    /**
     * Where the path to send on starts; it differs from the path to compare in the case of escapes.
     */
    int forwardPathStart() {
        return forwardPathStart;
    }

    int forwardPathEnd() {
        return forwardPathEnd;
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
        return queryStart;
    }

    @Override
    public int queryEnd() {
        return queryEnd;
    }

    public String method() {
        return text(methodStart, methodEnd);
    }

    public String host() {
        return text(hostStart, hostEnd);
    }

    public String path() {
        return text(pathStart, pathEnd);
    }

    public String query() {
        return text(queryStart, queryEnd);
    }

    /** Whether a received Via field names this proxy: the request has been here before. */
    public boolean hasPassed(byte[] pseudonym) {
        for (int i = 0; i < count(); i++) {
            if (kind(i) == FieldKind.VIA && contains(valueStart(i), valueEnd(i), pseudonym)) {
                return true;
            }
        }
        return false;
    }

    private boolean contains(int start, int end, byte[] wanted) {
        for (int i = start; i + wanted.length <= end; i++) {
            if (Arrays.equals(bytes(), i, i + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }
}
