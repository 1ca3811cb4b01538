// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.telemetry;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The metrics of a process in the Prometheus text format. */
public final class Exposition {

    public static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusRegistry registry;

    public Exposition(PrometheusRegistry registry) {
        this.registry = registry;
    }

    public String scrape() {
        var out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
