package dev.plimsoll.metrics;

import dev.plimsoll.upstream.ModelFacts;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What is looked at when metrics are written, instead of being counted as it happens.
 *
 * @param inFlight requests to a model that are not over
 * @param queued those of them that wait for a place
 * @param ledgerPending changes of rows that are not durable yet
 * @param models what is known of the listed models
 */
public record Observed(
    IntSupplier inFlight,
    IntSupplier queued,
    IntSupplier ledgerPending,
    Supplier<List<ModelFacts>> models) {}
