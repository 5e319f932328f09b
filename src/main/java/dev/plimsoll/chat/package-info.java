/**
 * The conversation: requests, messages, tool calls and errors as an agent's API has them.
 *
 * <p>A request is the client's bytes plus an index of offsets; messages are read-only views of it.
 * Pure: no I/O, no clock. Uses {@code json}.
 */
@NullMarked
package dev.plimsoll.chat;

import org.jspecify.annotations.NullMarked;
