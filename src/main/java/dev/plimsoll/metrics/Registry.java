package dev.plimsoll.metrics;

import dev.plimsoll.upstream.ModelFacts;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** Makes meters out of {@link Metric}s, adds the JVM's own, and writes them all. */
final class Registry {
  private static final int FIRST_GUESS = 64 * 1024;

  private final PrometheusRegistry meters = new PrometheusRegistry();
  private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
  private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();

  Registry() {
    JvmMemoryMetrics.builder().register(meters);
    JvmBufferPoolMetrics.builder().register(meters);
    JvmGarbageCollectorMetrics.builder().register(meters);
    JvmThreadsMetrics.builder().register(meters);
    ProcessMetrics.builder().register(meters);
  }

  Counter counter(Metric metric) {
    return Counter.builder()
        .name(metric.fullName())
        .help(metric.help())
        .labelNames(names(metric))
        .withoutExemplars()
        .register(meters);
  }

  Histogram histogram(Metric metric) {
    return Histogram.builder()
        .name(metric.fullName())
        .help(metric.help())
        .labelNames(names(metric))
        .classicOnly()
        .classicUpperBounds(metric.buckets())
        .withoutExemplars()
        .register(meters);
  }

  /** A gauge that is asked for its value at each scrape. */
  void gauge(Metric metric, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(metric.fullName())
        .help(metric.help())
        .callback(gauge -> gauge.call(value.getAsDouble()))
        .register(meters);
  }

  /** Tells a model's value under its labels, or nothing. */
  @FunctionalInterface
  interface ModelGauge {
    void tell(ModelFacts model, String label, GaugeWithCallback.Callback gauge);
  }

  /** A gauge with a value for each model that the upstream lists when it is asked. */
  void gauges(
      Metric metric,
      Supplier<List<ModelFacts>> models,
      Function<String, ModelLabel> labels,
      ModelGauge each) {
    GaugeWithCallback.builder()
        .name(metric.fullName())
        .help(metric.help())
        .labelNames(names(metric))
        .callback(
            gauge -> {
              for (ModelFacts model : models.get()) {
                ModelLabel label = labels.apply(model.name());
                if (!label.equals(ModelLabel.OTHER)) {
                  each.tell(model, label.value(), gauge);
                }
              }
            })
        .register(meters);
  }

  /** A metric whose labels are what matters. */
  void info(Metric metric, String... values) {
    Info.builder()
        .name(metric.fullName())
        .help(metric.help())
        .labelNames(names(metric))
        .register(meters)
        .setLabelValues(values);
  }

  private static String[] names(Metric metric) {
    return metric.labels().toArray(String[]::new);
  }

  byte[] scrape(Exposition form) {
    ExpositionFormatWriter writer =
        switch (form) {
          case TEXT -> text;
          case OPEN_METRICS -> openMetrics;
        };
    ByteArrayOutputStream out = new ByteArrayOutputStream(FIRST_GUESS);
    try {
      writer.write(out, meters.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }
}
