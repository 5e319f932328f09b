package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.tokens.Budget;
import dev.plimsoll.tokens.MessageReader;
import dev.plimsoll.tokens.Planned;
import dev.plimsoll.tokens.PromptMeasure;

/**
 * Decides what is sent of a conversation, by its size and the window's budget.
 *
 * <p>What fits is sent as it came. What is surely larger than the window is refused before a model
 * has to do anything for it. An estimate refuses nobody: the server knows better.
 */
final class Fitting {
  private Fitting() {}

  /** What came of it. */
  sealed interface Fitted {
    /**
     * This is sent.
     *
     * @param prompt how long its prompt will be
     */
    record Sent(ChatRequest request, Planned prompt) implements Fitted {}

    /** It cannot be made to fit. */
    record TooLong(ApiError error) implements Fitted {}
  }

  /**
   * Makes a request fit.
   *
   * @param original how long its prompt would be as it came
   */
  static Fitted fit(ChatRequest request, Planned original, PromptMeasure measure, Budget budget) {
    // The answer needs at least one token.
    return original.exact() && original.tokens() >= budget.window()
        ? new Fitted.TooLong(tooLong(request, original, measure, budget))
        : new Fitted.Sent(request, original);
  }

  /** Begins with the sentence by which agents know that a conversation has become too long. */
  private static ApiError tooLong(
      ChatRequest request, Planned original, PromptMeasure measure, Budget budget) {
    int last = request.messages().size() - 1;
    int newest = measure.counter().messages().message(new MessageReader(request).read(last), null);
    return ApiError.of(
        ErrorCode.CONTEXT_LENGTH_EXCEEDED,
        "This model's maximum context length is "
            + budget.window()
            + " tokens. However, you requested "
            + original.tokens()
            + " tokens: "
            + measure.fixed()
            + " in system messages and tools, "
            + newest
            + " in the newest message, the rest in between; the answer needs some, too. The proxy"
            + " has not asked the model. Shorten the conversation, offer fewer tools, or raise"
            + " context.window if the GPU has room.");
  }
}
