// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

/**
 * Why a message cannot be accepted. In a request each is answered with its status and the
 * connection is closed, because nobody knows where the next message would start; in a response each
 * is a bad gateway.
 */
public enum HttpFault {
    BAD_REQUEST_LINE(400, "the request line is malformed"),
    BAD_STATUS_LINE(400, "the status line is malformed"),
    BAD_FIELD(400, "a header field is malformed"),
    LINE_BREAK(400, "a line does not end with CR LF"),
    BAD_TARGET(400, "the request target is malformed"),
    BAD_PATH(400, "the path is malformed or ambiguous"),
    BAD_HOST(400, "the request needs exactly one valid Host"),
    BAD_LENGTH(400, "the Content-Length is malformed"),
    AMBIGUOUS_LENGTH(400, "the message gives its length more than once"),
    BAD_CODING(400, "the Transfer-Encoding is anything but chunked"),
    BAD_CONNECTION(400, "the Connection field names a field that must reach the receiver"),
    BAD_EXPECTATION(417, "the Expect field asks for anything but 100-continue"),
    AMBIGUOUS_NAME(400, "a header name with an underscore could be read as another"),
    BAD_CHUNK(400, "a chunk is malformed"),
    METHOD_NOT_IMPLEMENTED(501, "the method is not known"),
    METHOD_NOT_ALLOWED(405, "CONNECT and TRACE are not proxied"),
    TARGET_TOO_LONG(414, "the request target is too long"),
    HEAD_TOO_LARGE(431, "the header section is too large"),
    CHUNKS_TOO_SMALL(413, "the chunks carry too little"),
    VERSION_NOT_SUPPORTED(505, "the HTTP version is not 1.0 or 1.1"),
    UNEXPECTED_END(400, "the connection ended within a message"),
    UNASKED_SWITCH(400, "the protocol was switched although nobody asked for it");

    private final int status;
    private final String description;

    HttpFault(int status, String description) {
        this.status = status;
        this.description = description;
    }

    /** The status that answers a request with this fault. */
    public int status() {
        return status;
    }

    public String description() {
        return description;
    }
}
