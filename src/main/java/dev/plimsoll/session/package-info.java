/**
 * Who asks: which conversation a request belongs to, which agent sent it and what it is for.
 *
 * <p>Answers come from the headers and the body of one request alone; nothing is remembered here.
 * Pure: no I/O, no clock, no Vert.x. Uses {@code json} and {@code chat}.
 */
@NullMarked
package dev.plimsoll.session;

import org.jspecify.annotations.NullMarked;
