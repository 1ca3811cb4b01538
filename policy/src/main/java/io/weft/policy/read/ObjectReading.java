// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.PolicyObject;
import io.weft.policy.problem.Problem;
import java.util.List;

/** What became of reading one object. */
public sealed interface ObjectReading {

    record Sound(PolicyObject object) implements ObjectReading {}

    /** The object cannot be used. */
    record Broken(List<Problem> problems) implements ObjectReading {
        public Broken {
            problems = List.copyOf(problems);
        }
    }

    /**
     * The object cannot be used, and it was meant to deny: until somebody repairs it, or unless an
     * earlier form of it is known, its targets have to be refused.
     *
     * @param services the targets that could be read; empty when none could, which means all
     */
    record BrokenDenial(List<Problem> problems, List<ServiceName> services)
            implements ObjectReading {
        public BrokenDenial {
            problems = List.copyOf(problems);
            services = List.copyOf(services);
        }
    }
}
