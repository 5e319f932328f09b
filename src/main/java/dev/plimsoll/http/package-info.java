/**
 * The agents' port: routes, request bodies, errors as JSON.
 *
 * <p>Uses {@code turn} for whatever a model answers, {@code upstream} for discovery, and lower
 * layers.
 */
@NullMarked
package dev.plimsoll.http;

import org.jspecify.annotations.NullMarked;
