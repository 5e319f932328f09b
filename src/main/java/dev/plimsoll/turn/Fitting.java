package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.compact.Fold;
import dev.plimsoll.compact.FoldCache;
import dev.plimsoll.compact.Plan;
import dev.plimsoll.compact.PlannedBody;
import dev.plimsoll.compact.Terms;
import dev.plimsoll.config.Compaction;
import dev.plimsoll.tokens.Budget;
import dev.plimsoll.tokens.MessageReader;
import dev.plimsoll.tokens.Planned;
import dev.plimsoll.tokens.PromptMeasure;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is sent of a conversation, by its size and the window's budget.
 *
 * <p>What fits is sent as it came. What does not is made shorter by a plan, unless the
 * configuration forbids it. What is surely too large all the same is refused before a model has to
 * do anything for it. An estimate refuses nobody: the server knows better. Safe for use by many
 * threads.
 */
public final class Fitting {
  private final Compaction config;
  private final Fold fold;

  /** What came of it. */
  sealed interface Fitted {
    /**
     * This is sent.
     *
     * @param prompt how long its prompt will be
     * @param plan what became of its messages; null when it fits as it came
     */
    record Sent(ChatRequest request, Planned prompt, @Nullable Plan plan) implements Fitted {}

    /** It cannot be made to fit; {@code plan} is what was tried. */
    record TooLong(ApiError error, @Nullable Plan plan) implements Fitted {}
  }

  /** Fits conversations by a configuration. */
  public Fitting(Compaction config) {
    this.config = config;
    this.fold = new Fold(new FoldCache(config.cache()));
  }

  /** Whether conversations are made shorter. */
  boolean compacts() {
    return config.mode() == Compaction.Mode.LEDGER;
  }

  /** Whether clients are told the prompt that they sent instead of the one that was sent on. */
  boolean tellsOriginal() {
    return config.reportUsage() == Compaction.ReportUsage.ORIGINAL;
  }

  /**
   * Makes a request fit.
   *
   * @param original how long its prompt would be as it came
   * @param added tokens that stand behind it in this attempt
   */
  Fitted fit(
      ChatRequest request, Planned original, PromptMeasure measure, Budget budget, long added) {
    if (!compacts()) {
      return asItCame(request, original, measure, budget);
    }
    long most = budget.window() - budget.answerReserve();
    if (original.tokens() <= budget.prompt() && original.tokens() + added <= most) {
      return new Fitted.Sent(request, original, null);
    }
    Plan plan = plan(request, measure, budget);
    if (added > 0 && plan.tokens() + added > most) {
      plan = plan(request, measure, less(budget, added));
    }
    ChatRequest shorter = PlannedBody.of(request, plan);
    Planned prompt = plan.isIdentity() ? original : measure.plan(shorter);
    return prompt.exact() && prompt.tokens() + added > most
        ? new Fitted.TooLong(tooLong(request, original, measure, budget), plan)
        : new Fitted.Sent(shorter, prompt, plan);
  }

  private Plan plan(ChatRequest request, PromptMeasure measure, Budget budget) {
    Terms terms = Terms.of(budget, measure.fixed(), config.tail());
    return fold.plan(request, terms, measure.counter().messages());
  }

  /** What an attempt adds to its prompt takes nothing of the answer's reserve. */
  private static Budget less(Budget budget, long added) {
    long most = budget.prompt() - 1;
    return new Budget(
        budget.window(), budget.answerReserve() + Math.min(added, most), budget.safety());
  }

  /** The answer needs at least one token. */
  private static Fitted asItCame(
      ChatRequest request, Planned original, PromptMeasure measure, Budget budget) {
    return original.exact() && original.tokens() >= budget.window()
        ? new Fitted.TooLong(tooLong(request, original, measure, budget), null)
        : new Fitted.Sent(request, original, null);
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
