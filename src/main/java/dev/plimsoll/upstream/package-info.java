/**
 * The model server: the port {@link Upstream} and its adapters.
 *
 * <p>{@link OllamaUpstream} speaks Ollama's native API, {@link OpenAiUpstream} any OpenAI server's;
 * both give the same {@code StreamEvent}s and {@code UpstreamFailure}s. {@link ModelServer} finds
 * out which one it is and what its models are; {@link PromptMeasures} finds out how their prompts
 * are counted. Uses {@code json}, {@code sse}, {@code config}, {@code chat}, {@code tokens} and
 * {@code stream}; talks HTTP with Vert.x.
 */
@NullMarked
package dev.plimsoll.upstream;

import org.jspecify.annotations.NullMarked;
