/**
 * Tool calls: which tools a request declares, how models write calls into plain text, and whether a
 * call is one that its tool takes.
 *
 * <p>{@link CallScanner} finds calls in text that comes in pieces; the forms that it knows are rows
 * of {@link Grammars}. {@link CallCheck} looks at finished calls, wherever they came from. What a
 * JSON schema demands is asked through {@link ArgumentRule}, which is implemented outside of the
 * heart. Pure: no I/O, no clock. Uses {@code json} and {@code chat}.
 */
@NullMarked
package dev.plimsoll.calls;

import org.jspecify.annotations.NullMarked;
