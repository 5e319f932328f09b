/**
 * What is counted and timed for Prometheus.
 *
 * <p>{@link dev.plimsoll.metrics.Metric} names every metric, {@link dev.plimsoll.metrics.Metrics}
 * has a method for everything that happens. Stands above {@code upstream} and {@code ledger} and
 * observes them: they know nothing of meters. Labels come from closed sets, models from the list
 * that the upstream gives, so that no client can make series.
 */
@NullMarked
package dev.plimsoll.metrics;

import org.jspecify.annotations.NullMarked;
