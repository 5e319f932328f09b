package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.compact.Explanation;
import dev.plimsoll.compact.Plan;
import dev.plimsoll.compact.PlannedBody;
import dev.plimsoll.config.Context;
import dev.plimsoll.recover.RecoveryPolicy;
import dev.plimsoll.session.SessionIdentity;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.tokens.Budget;
import dev.plimsoll.tokens.Planned;
import dev.plimsoll.tokens.PromptMeasure;
import dev.plimsoll.upstream.Found;
import dev.plimsoll.upstream.Loop;
import dev.plimsoll.upstream.Model;
import dev.plimsoll.upstream.ModelServer;
import dev.plimsoll.upstream.UpstreamCall;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a turn would send of a request, without asking a model for an answer: finds the model,
 * its window and what counts for it, and plans as a turn does.
 *
 * <p>A model whose window is not known yet is loaded, as it would be for a turn, and only when
 * there is a place at it. Safe for use by many threads.
 */
public final class Explaining {
  /** People ask this; more at once would take the time of those who work. */
  private static final int AT_ONCE = 2;

  private final Supplier<Parts> parts;
  private final Semaphore places = new Semaphore(AT_ONCE);

  /** What came of it. */
  public sealed interface Answer {
    /** This is what a turn would do. */
    record Told(Explanation explanation) implements Answer {}

    /** The request is not one that can be explained. */
    record Refused(ApiError error) implements Answer {}

    /** The model server could not be asked. */
    record Failed(ApiError error) implements Answer {}
  }

  /** Explains by the parts that are current when it is asked. */
  public Explaining(Supplier<Parts> parts) {
    this.parts = parts;
  }

  /**
   * Explains a chat request. Blocks the calling virtual thread: a known model for some small
   * questions, another for as long as loading it takes.
   *
   * @param body what an agent would send
   * @param current is told the call under way, so that it can be reset when the client leaves
   */
  public Answer explain(byte[] body, Loop loop, Consumer<UpstreamCall> current)
      throws InterruptedException {
    if (!places.tryAcquire()) {
      return new Answer.Refused(OwnErrors.explaining());
    }
    try {
      Parts now = parts.get();
      return switch (ChatRequest.parse(body)) {
        case Parsed.Bad(var error) -> new Answer.Refused(now.told(error));
        case Parsed.Good(var request) -> explain(now, request, loop, current);
      };
    } finally {
      places.release();
    }
  }

  private static Answer explain(
      Parts now, ChatRequest request, Loop loop, Consumer<UpstreamCall> current)
      throws InterruptedException {
    return switch (now.server().reach()) {
      case ModelServer.Reached.Failed(var failure) -> failed(now, failure);
      case ModelServer.Reached.Is(var upstream, var _) -> {
        Found found = upstream.find(request.model());
        if (found instanceof Found.Is(var model) && model.window().isEmpty()) {
          try (Scheduler.Admission.Permit place = place(now, request, model)) {
            if (place == null) {
              yield new Answer.Refused(OwnErrors.queueFull());
            }
            found = upstream.prepare(loop, model, current);
          }
        }
        yield switch (found) {
          case Found.Unknown(var error) -> new Answer.Refused(now.told(error));
          case Found.Failed(var failure) -> failed(now, failure);
          case Found.Is(var model) -> {
            PromptMeasure measure = upstream.measure(loop, model, request, current);
            yield new Answer.Told(explanation(now, request, model, measure));
          }
        };
      }
    };
  }

  private static Answer failed(Parts now, UpstreamFailure failure) {
    return new Answer.Failed(now.told(RecoveryPolicy.giveUp(failure, 0, 1)));
  }

  /** A place at a model; null when too many wait for one. */
  private static Scheduler.Admission.@Nullable Permit place(
      Parts now, ChatRequest request, Model model) throws InterruptedException {
    return switch (now.scheduler().enter(model.name(), SessionIdentity.of(_ -> null, request))) {
      case Scheduler.Admission.Permit place -> place;
      case Scheduler.Admission.Full _ -> null;
    };
  }

  private static Explanation explanation(
      Parts now, ChatRequest request, Model model, PromptMeasure measure) {
    Planned original = measure.plan(request);
    if (model.window().isEmpty()) {
      return explanation(request, model, measure, null, original, null, "");
    }
    Context context = now.config().context();
    Budget budget =
        Budget.of(model.window().getAsLong(), context.answerReserve(), context.safety());
    return switch (now.fitting().fit(request, original, measure, budget, 0)) {
      case Fitting.Fitted.Sent(var _, var _, var plan) ->
          explanation(request, model, measure, budget, original, plan, "");
      case Fitting.Fitted.TooLong(var error, var plan) ->
          explanation(request, model, measure, budget, original, plan, error.message());
    };
  }

  private static Explanation explanation(
      ChatRequest request,
      Model model,
      PromptMeasure measure,
      @Nullable Budget budget,
      Planned original,
      @Nullable Plan plan,
      String refusal) {
    ChatRequest shorter = plan == null ? request : PlannedBody.of(request, plan);
    return new Explanation(
        model.name(),
        budget,
        measure.fixed(),
        original,
        plan == null || plan.isIdentity() ? original : measure.plan(shorter),
        plan == null ? Plan.Depth.NONE : plan.depth(),
        Explanation.lines(request, plan, shorter, measure.counter()::each),
        plan == null ? "" : plan.log().strip(),
        refusal);
  }
}
