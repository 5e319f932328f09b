package dev.plimsoll.tokens;

import dev.plimsoll.chat.ChatRequest;

/**
 * What is needed to size one request's prompt: the model's counter, and what its system messages
 * and tools cost.
 *
 * @param counter counts messages, those of the request and what is sent in their place
 * @param fixed tokens of system messages, tools and what opens the answer
 * @param exact whether both are the server's own numbers
 */
public record PromptMeasure(PromptCounter counter, int fixed, boolean exact) {
  /** The prompt that the server makes of the request as it is. CPU work, not for an event loop. */
  public Planned plan(ChatRequest request) {
    PromptCounter.Sum sum = counter.prompt(request, fixed);
    // What an image costs differs from model to model, and no server tells it beforehand.
    return new Planned(sum.tokens(), exact && sum.images() == 0);
  }
}
