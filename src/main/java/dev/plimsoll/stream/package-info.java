/**
 * What comes back from a model: upstream bytes become {@link StreamEvent}s, events become a {@link
 * Verdict} and the bytes of an answer in the agent's API.
 *
 * <p>Pure: same input, same output; no I/O, no clock. The readers ({@link OllamaReader}, {@link
 * OpenAiReader}) know the upstreams' words, the writers ({@link ChatStream}, {@link
 * CompletionStream}, {@link JoinedAnswer}) know the agents', and {@link ResponseWatcher} stands
 * between them: text and reasoning pass at once, a tool call and what may be one in the text are
 * held. When nothing more comes, the {@link Judge} says what the answer was. Uses {@code json},
 * {@code sse}, {@code chat} and {@code calls}.
 */
@NullMarked
package dev.plimsoll.stream;

import org.jspecify.annotations.NullMarked;
