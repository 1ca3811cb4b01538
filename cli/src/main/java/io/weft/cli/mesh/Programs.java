// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.mesh;

import io.weft.cli.home.State;
import io.weft.cli.jvm.JavaProgram;
import java.nio.file.Path;
import java.util.List;

/**
 * The programs that make a mesh. Those with little traffic are compiled by C1 only, which halves
 * the CPU that their start takes; the proxies keep both compilers.
 */
public final class Programs {

    private static final String SERIAL = "-XX:+UseSerialGC";
    private static final String QUICK = "-XX:TieredStopAtLevel=1";

    /**
     * Netty frees direct memory through Unsafe when it may, and else through method handles that
     * are spun anew at every start; reflection that is used once is no cheaper for them either.
     */
    private static final String PLAIN_MEMORY = "--sun-misc-unsafe-memory-access=allow";

    private static final String PLAIN_REFLECTION = "-Djdk.reflect.useNativeAccessorOnly=true";

    /** Spring's classes fill what the JVM begins with twice over, with a full collection each. */
    private static final String ROOM_FOR_CLASSES = "-XX:MetaspaceSize=96m";

    private final State state;

    public Programs(State state) {
        this.state = state;
    }

    JavaProgram configServer() {
        return program("config-server", SERIAL, QUICK, ROOM_FOR_CLASSES, "-Xmx192m");
    }

    JavaProgram authService() {
        return program("auth-service", SERIAL, QUICK, ROOM_FOR_CLASSES, "-Xmx96m");
    }

    JavaProgram gateway() {
        return program("gateway", SERIAL, ROOM_FOR_CLASSES, "-Xmx256m");
    }

    /** The heap starts small, and what compiling needed is given back: 126 MiB become 94. */
    JavaProgram agent() {
        return program(
                "mesh-agent",
                SERIAL,
                PLAIN_MEMORY,
                PLAIN_REFLECTION,
                "-Xms8m",
                "-Xmx64m",
                "-XX:TrimNativeHeapInterval=5000");
    }

    JavaProgram demo() {
        // A request under way takes 100 KiB: with less it would not come back from a stall.
        return program("demo", SERIAL, QUICK, "-Xmx256m");
    }

    JavaProgram zipkin(Path jar) {
        return new JavaProgram("zipkin", jar, List.of(SERIAL, QUICK, "-Xmx256m"));
    }

    /** The modules of all programs that are built here. */
    public static List<String> modules() {
        return List.of("config-server", "auth-service", "gateway", "mesh-agent", "demo");
    }

    private JavaProgram program(String module, String... options) {
        return new JavaProgram(module, state.jar(module), List.of(options));
    }
}
