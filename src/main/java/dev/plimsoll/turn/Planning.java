package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.CompletionRequest;
import dev.plimsoll.chat.Role;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.config.Context;
import dev.plimsoll.ledger.Compaction;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.stream.Verdict;
import dev.plimsoll.tokens.AnswerRoom;
import dev.plimsoll.tokens.Budget;
import dev.plimsoll.tokens.MessageText;
import dev.plimsoll.tokens.ModelCounter;
import dev.plimsoll.tokens.Planned;
import dev.plimsoll.tokens.PromptMeasure;
import dev.plimsoll.upstream.Model;
import dev.plimsoll.upstream.Question;
import dev.plimsoll.upstream.Upstream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the prompt of each of a turn's attempts before it is sent, has the conversation made
 * shorter if it does not fit, and compares the count with the server's own.
 *
 * <p>An attempt that recovery changes has more in its prompt: a note, the answer so far, another
 * template for less reasoning. The first two are counted as messages of their own, which is never
 * less than they cost; {@value #MARGIN} tokens are kept for the rest. Whether the conversation
 * fits, and whether the server cut it, is told without them.
 *
 * <p>Nothing here fails a request: a prompt that cannot be counted is sent as it came. Runs on the
 * turn's virtual thread; a known conversation costs a look at its bytes.
 */
final class Planning {
  private static final Logger LOG = LoggerFactory.getLogger(Planning.class);

  /** What the marks may cost that a template writes for a changed attempt only. */
  private static final int MARGIN = 16;

  /** One such part of the window more is kept free when a conversation proved too long. */
  private static final int PARTS = 8;

  private final Parts parts;
  private final Arrival arrival;
  private final Downstream downstream;
  private final Account account;
  private final Shortening shortening;
  private @Nullable PromptMeasure measure;
  private @Nullable Planned sent;
  private boolean changed;
  private long window;
  private long most = Long.MAX_VALUE;

  /** What is to be sent. */
  sealed interface Step {
    /** This; its request may be another than the client's, and its room is known. */
    record Send(Question question) implements Step {}

    /** Nothing: it cannot fit. */
    record Refused(ApiError error) implements Step {}
  }

  Planning(Parts parts, Arrival arrival, Downstream downstream, Account account) {
    this.parts = parts;
    this.arrival = arrival;
    this.downstream = downstream;
    this.account = account;
    this.shortening = new Shortening(arrival, account);
  }

  /**
   * Plans the next attempt; may ask the server some small questions first.
   *
   * @param unlessShorter the error to end with if the conversation cannot be made shorter than it
   *     was the last time; null when it need not be
   */
  Step plan(Upstream upstream, Model model, Question question, @Nullable ApiError unlessShorter)
      throws InterruptedException {
    Planned before = sent;
    measure = null;
    sent = null;
    changed = question.from() != null || question.changes().inThePrompt();
    shorten(model, before, unlessShorter != null);
    Step step = plan(upstream, model, question);
    Planned now = sent;
    boolean shorter = before != null && now != null && now.tokens() < before.tokens();
    return unlessShorter == null || shorter ? step : new Step.Refused(unlessShorter);
  }

  private Step plan(Upstream upstream, Model model, Question question) throws InterruptedException {
    return switch (question.request()) {
      case ChatRequest chat -> chat(upstream, model, question, chat);
      case CompletionRequest _ -> uncounted(question, model);
    };
  }

  /**
   * Takes a part of the window from what was sent last; a window that was learnt to be smaller
   * makes the conversation shorter by itself.
   */
  private void shorten(Model model, @Nullable Planned before, boolean wanted) {
    long now = model.window().orElse(0);
    if (wanted && before != null && now >= window) {
      most = Math.max(now / PARTS, before.tokens() - now / PARTS);
    }
    window = now;
  }

  private static Step uncounted(Question question, Model model) {
    OptionalLong window = model.window();
    AnswerRoom room =
        window.isPresent() ? AnswerRoom.within(window.getAsLong()) : AnswerRoom.UNKNOWN;
    return new Step.Send(question.with(question.request(), room));
  }

  private Step chat(Upstream upstream, Model model, Question question, ChatRequest request)
      throws InterruptedException {
    PromptMeasure found;
    Planned original;
    try {
      found = upstream.measure(arrival.loop(), model, request, downstream::current);
      original = found.plan(request);
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("a bug kept a prompt from being counted");
      return uncounted(question, model);
    }
    measure = found;
    account.planned(original);
    if (model.window().isEmpty() || arrival.bypass()) {
      sending(original, 0, null);
      return uncounted(question, model);
    }
    Budget budget = budget(model.window().getAsLong());
    long added = added(found.counter().messages(), question);
    long since = parts.clock().nanos();
    Fitting.Fitted fitted = fit(request, original, found, budget, added);
    shortening.of(fitted, original, parts.clock().nanos() - since);
    return switch (fitted) {
      case Fitting.Fitted.Sent(var fitting, var prompt, var plan) -> {
        sending(prompt, added, Shortening.in(plan, original, prompt));
        Planned whole = new Planned(prompt.tokens() + added, prompt.exact());
        AnswerRoom room = AnswerRoom.behind(whole, budget, found.counter().error());
        yield new Step.Send(question.with(fitting, room));
      }
      case Fitting.Fitted.TooLong(var error, var _) -> {
        arrival.loop().run(this::tell);
        yield new Step.Refused(error);
      }
    };
  }

  private Fitting.Fitted fit(
      ChatRequest request, Planned original, PromptMeasure found, Budget budget, long added) {
    try {
      return parts.fitting().fit(request, original, found, budget, added);
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("a bug kept a conversation from being made shorter");
      return new Fitting.Fitted.Sent(request, original, null);
    }
  }

  /** The tokens that this attempt has in its prompt beyond the conversation. */
  private long added(ModelCounter counter, Question question) {
    if (!changed) {
      return 0;
    }
    String answered = question.answered();
    String note = question.note();
    long tokens = MARGIN;
    if (answered != null) {
      tokens += counter.message(MessageText.of(Role.ASSISTANT, answered), Role.USER);
    }
    if (note != null) {
      tokens += counter.message(MessageText.of(Role.USER, note), Role.ASSISTANT);
    }
    return tokens;
  }

  private void sending(Planned prompt, long added, @Nullable Compaction shorter) {
    sent = prompt;
    // The marks around what is added are a guess.
    Planned whole = added == 0 ? prompt : new Planned(prompt.tokens() + added, false);
    account.sending(whole, shorter);
  }

  private Budget budget(long tokens) {
    Context context = parts.config().context();
    Budget usual = Budget.of(tokens, context.answerReserve(), context.safety());
    return usual.prompt() <= most
        ? usual
        : new Budget(tokens, tokens - usual.safety() - most, usual.safety());
  }

  private void tell() {
    account.tell(downstream::header);
  }

  /**
   * Learns from the end of an attempt.
   *
   * @param counted what the server counted, null when it told nothing
   */
  void learn(Upstream upstream, Model model, Verdict verdict, @Nullable Usage counted)
      throws InterruptedException {
    if (verdict instanceof Verdict.Lost(UpstreamFailure.ContextExceeded told)) {
      upstream.tooLong(model, told.window().isPresent() ? told.window() : thought());
    }
    Planned planned = sent;
    if (planned == null || measure == null || counted == null || counted.prompt() <= 0) {
      return;
    }
    if (planned.isCut(counted.prompt())) {
      account.cutInSilence();
      LOG.atWarn()
          .addKeyValue("planned", planned.tokens())
          .addKeyValue("counted", counted.prompt())
          .log("the model server cut a prompt in silence");
      upstream.tooLong(model, OptionalLong.empty());
      return;
    }
    if (!changed) {
      measure.counter().observed(planned.tokens(), counted.prompt());
      account.compared(planned.tokens(), counted.prompt());
    }
  }

  /** A prompt that was refused has no place in the window, so that one is no larger. */
  private OptionalLong thought() {
    return sent != null && sent.exact() ? OptionalLong.of(sent.tokens()) : OptionalLong.empty();
  }
}
