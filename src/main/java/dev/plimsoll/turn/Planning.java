package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.CompletionRequest;
import dev.plimsoll.chat.ModelRequest;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.config.Context;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.stream.Verdict;
import dev.plimsoll.tokens.AnswerRoom;
import dev.plimsoll.tokens.Budget;
import dev.plimsoll.tokens.Planned;
import dev.plimsoll.tokens.PromptMeasure;
import dev.plimsoll.upstream.Model;
import dev.plimsoll.upstream.Upstream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts a turn's prompt before it is sent, and compares it with what the server counted.
 *
 * <p>Nothing here fails a request: a prompt that cannot be counted is sent as it came. Runs on the
 * turn's virtual thread; a known conversation costs a look at its bytes.
 */
final class Planning {
  private static final Logger LOG = LoggerFactory.getLogger(Planning.class);

  private final Parts parts;
  private final Arrival arrival;
  private final Downstream downstream;
  private final Account account;
  private @Nullable PromptMeasure measure;
  private @Nullable Planned sent;

  /** What is to be sent. */
  sealed interface Plan {
    /** This, and so much room is left behind it. */
    record Send(ModelRequest request, AnswerRoom room) implements Plan {}

    /** Nothing: it cannot fit. */
    record Refused(ApiError error) implements Plan {}
  }

  Planning(Parts parts, Arrival arrival, Downstream downstream, Account account) {
    this.parts = parts;
    this.arrival = arrival;
    this.downstream = downstream;
    this.account = account;
  }

  /** Plans the next attempt; may ask the server some small questions first. */
  Plan plan(Upstream upstream, Model model, ModelRequest request) throws InterruptedException {
    measure = null;
    sent = null;
    return switch (request) {
      case ChatRequest chat -> chat(upstream, model, chat);
      case CompletionRequest old -> new Plan.Send(old, uncounted(model));
    };
  }

  private static AnswerRoom uncounted(Model model) {
    OptionalLong window = model.window();
    return window.isPresent() ? AnswerRoom.within(window.getAsLong()) : AnswerRoom.UNKNOWN;
  }

  private Plan chat(Upstream upstream, Model model, ChatRequest request)
      throws InterruptedException {
    PromptMeasure found;
    Planned original;
    try {
      found = upstream.measure(arrival.loop(), model, request, downstream::current);
      original = found.plan(request);
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("a bug kept a prompt from being counted");
      return new Plan.Send(request, uncounted(model));
    }
    measure = found;
    account.planned(original);
    if (model.window().isEmpty() || arrival.bypass()) {
      sending(original);
      return new Plan.Send(request, uncounted(model));
    }
    Budget budget = budget(model.window().getAsLong());
    return switch (Fitting.fit(request, original, found, budget)) {
      case Fitting.Fitted.Sent(var fitting, var prompt) -> {
        sending(prompt);
        yield new Plan.Send(fitting, AnswerRoom.behind(prompt, budget, found.counter().error()));
      }
      case Fitting.Fitted.TooLong(var error) -> {
        arrival.loop().run(this::tell);
        yield new Plan.Refused(error);
      }
    };
  }

  private void sending(Planned prompt) {
    sent = prompt;
    account.sending(prompt);
  }

  private Budget budget(long window) {
    Context context = parts.config().context();
    return Budget.of(window, context.answerReserve(), context.safety());
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
    measure.counter().observed(planned.tokens(), counted.prompt());
    account.compared(planned.tokens(), counted.prompt());
  }

  /** A prompt that was refused has no place in the window, so that one is no larger. */
  private OptionalLong thought() {
    return sent != null && sent.exact() ? OptionalLong.of(sent.tokens()) : OptionalLong.empty();
  }
}
