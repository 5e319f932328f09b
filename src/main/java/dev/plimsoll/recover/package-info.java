/**
 * What to do when an attempt ended: from the outcomes so far to a {@link Decision}.
 *
 * <p>Pure: no I/O, no clock. Uses {@code json}, {@code config}, {@code chat}, {@code calls} and
 * {@code stream}.
 */
@NullMarked
package dev.plimsoll.recover;

import org.jspecify.annotations.NullMarked;
