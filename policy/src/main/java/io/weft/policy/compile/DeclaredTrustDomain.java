// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.compile.Document.Declaration;
import io.weft.policy.document.YamlReader;
import io.weft.policy.identity.TrustDomain;
import io.weft.policy.problem.Problem;
import io.weft.policy.problem.Problems;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one trust domain of all documents; whatever is unclear about it leaves the last good one. */
final class DeclaredTrustDomain {

    private static final String PATH = "weft." + Document.TRUST_DOMAIN;

    private DeclaredTrustDomain() {}

    static TrustDomain in(List<Document> documents, TrustDomain lastGood, Problems problems) {
        List<Document> declaring =
                documents.stream().filter(each -> !each.trustDomains().isEmpty()).toList();
        if (declaring.isEmpty()) {
            boolean unclear = documents.stream().anyMatch(Document::isUnclearAboutTrustDomain);
            return unclear ? lastGood : TrustDomain.DEFAULT;
        }
        if (declaring.size() > 1) {
            reportTwice(declaring, problems);
        }
        TrustDomain only = null;
        boolean contested = declaring.size() > 1;
        for (Document document : declaring) {
            contested |= document.trustDomains().size() > 1;
            for (Declaration declaration : document.trustDomains()) {
                only = read(declaration, problems);
            }
        }
        return contested || only == null ? lastGood : only;
    }

    private static void reportTwice(List<Document> declaring, Problems problems) {
        for (Document document : declaring) {
            Document other = declaring.get(document == declaring.getFirst() ? 1 : 0);
            Declaration here = document.trustDomains().getFirst();
            problems.add(
                    new Problem(
                            here.key().at(),
                            PATH,
                            here.value().shown(),
                            "declared in more than one document",
                            "one declaration; another stands at "
                                    + other.trustDomains().getFirst().key().at()));
        }
    }

    private static @Nullable TrustDomain read(Declaration declaration, Problems problems) {
        String text = YamlReader.text(declaration.value());
        if (text != null && TrustDomain.isName(text)) {
            return new TrustDomain(text);
        }
        problems.add(
                new Problem(
                        declaration.value().at(),
                        PATH,
                        declaration.value().shown(),
                        "invalid value",
                        TrustDomain.SYNTAX));
        return null;
    }
}
