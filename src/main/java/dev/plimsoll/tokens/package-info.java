/**
 * Counting: what a conversation costs in a model's own tokens, and what of a window it may take.
 *
 * <p>A number here comes from content and from constants of the model alone, so that every process
 * finds the same. Pure: no I/O, no clock, no Vert.x. Uses {@code json} and {@code chat}.
 */
@NullMarked
package dev.plimsoll.tokens;

import org.jspecify.annotations.NullMarked;
