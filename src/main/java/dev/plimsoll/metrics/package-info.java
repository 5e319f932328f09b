/**
 * What is counted and timed for Prometheus.
 *
 * <p>Stands above {@code upstream} and {@code ledger} and observes them: they know nothing of
 * meters. Labels come from closed sets, see {@link dev.plimsoll.metrics.RejectReason}.
 */
@NullMarked
package dev.plimsoll.metrics;

import org.jspecify.annotations.NullMarked;
