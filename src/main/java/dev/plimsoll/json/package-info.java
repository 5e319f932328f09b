/**
 * JSON as bytes: where values stand in a body, and how new bodies are written from pieces of old
 * ones.
 *
 * <p>Law 3 of the design (bytes are kept) lives here: a value is a {@link Span} of offsets, and
 * what is not changed is copied byte for byte, so that number texts, key order and escapes survive.
 * Pure: no I/O, no clock. Uses no other package of Plimsoll; Jackson's streaming parser does the
 * lexing.
 */
@NullMarked
package dev.plimsoll.json;

import org.jspecify.annotations.NullMarked;
