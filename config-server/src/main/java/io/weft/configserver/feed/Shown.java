// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

/** What strangers say, fit for a log: on one line and not endless. */
final class Shown {

    private static final int LONGEST = 300;

    private Shown() {}

    static String text(String said) {
        String cut = said.length() > LONGEST ? said.substring(0, LONGEST) + "…" : said;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
