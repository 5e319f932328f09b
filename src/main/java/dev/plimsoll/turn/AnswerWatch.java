package dev.plimsoll.turn;

import dev.plimsoll.calls.ArgumentRule;
import dev.plimsoll.calls.CallCheck;
import dev.plimsoll.calls.Toolbox;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.CompletionRequest;
import dev.plimsoll.chat.Member;
import dev.plimsoll.chat.ModelRequest;
import dev.plimsoll.chat.Role;
import dev.plimsoll.config.Recovery;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.JsonMembers;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Span;
import dev.plimsoll.recover.Changes;
import dev.plimsoll.recover.Continuation;
import dev.plimsoll.recover.LoopGuard;
import dev.plimsoll.recover.Situation;
import dev.plimsoll.stream.AnswerWriter;
import dev.plimsoll.stream.Judge;
import dev.plimsoll.stream.ResponseWatcher;
import dev.plimsoll.stream.Said;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the answers to one request are watched and judged, and what may be done about them. */
final class AnswerWatch {
  private final ModelRequest request;
  private final Recovery config;
  private final ResponseWatcher.Terms terms;
  private final Judge judge;
  private final Said said;
  private final boolean tools;
  private final boolean continuable;
  private final LoopGuard.Round round;

  AnswerWatch(ModelRequest request, Recovery config, ArgumentRule rule, String callIdPrefix) {
    this.request = request;
    this.config = config;
    Toolbox toolbox = request instanceof ChatRequest chat ? Toolbox.of(chat) : Toolbox.EMPTY;
    Toolbox inText = config.rescueTextToolCalls() ? toolbox : Toolbox.EMPTY;
    CallCheck check = new CallCheck(toolbox, config.validateArguments() ? rule : ArgumentRule.NONE);
    this.terms = new ResponseWatcher.Terms(inText, callIdPrefix, config.maxHeld());
    this.tools = !toolbox.isEmpty();
    this.judge = new Judge(check, callIdPrefix, tools, has("stop"));
    this.said = new Said(request.stream(), config.maxHeld());
    this.continuable = continuable(request);
    this.round =
        request instanceof ChatRequest chat && config.loopGuard() > 0
            ? LoopGuard.in(chat, config.loopGuard())
            : new LoopGuard.Round(0, List.of());
  }

  /** A watcher of the next attempt, which goes on from an answer unless {@code from} is null. */
  ResponseWatcher watcher(AnswerWriter writer, @Nullable Continuation from, Next next) {
    ResponseWatcher.Terms own =
        from == null
            ? terms
            : terms.with(
                new ResponseWatcher.Joint(
                    from.text(), from.way() == Continuation.Way.PREFILLED, next.callExpected()));
    return new ResponseWatcher(writer, own, said);
  }

  /** The first attempt: as the client asked, unless the conversation goes round. */
  Next first(boolean asItIs) {
    return Next.first(loops() && !asItIs ? Changes.againstLoop(round.times()) : Changes.NONE);
  }

  Judge judge() {
    return judge;
  }

  /** What has been said in all attempts. */
  Said said() {
    return said;
  }

  private boolean loops() {
    return config.loopGuard() > 0 && round.times() >= config.loopGuard();
  }

  /**
   * What decisions depend on.
   *
   * @param single whether the client wants one attempt only
   * @param shortenable whether conversations are made shorter
   * @param demandsUnknown whether the server cannot be told that a call is demanded
   * @param window the model's window in tokens, 0 when unknown
   * @param elapsed since the request came
   */
  Situation situation(
      boolean single, boolean shortenable, boolean demandsUnknown, long window, Duration elapsed) {
    return new Situation(
        single,
        tools,
        continuable && said.remembered(),
        shortenable && !single && request instanceof ChatRequest,
        demandsUnknown ? wanted() : new Situation.Wanted.Nothing(),
        request.maxTokens(),
        loops() && !single ? round.calls() : List.of(),
        window,
        elapsed);
  }

  private boolean has(String name) {
    Member member = request.body().member(name).orElse(null);
    return member != null && member.kind() != JsonKind.NULL;
  }

  /** Half a JSON document has no other half, and an answer that the client began is not ours. */
  private boolean continuable(ModelRequest asked) {
    return switch (asked) {
      case CompletionRequest _ -> true;
      case ChatRequest chat ->
          chat.messages().getLast().role() != Role.ASSISTANT && !wantsJson(chat);
    };
  }

  private static boolean wantsJson(ChatRequest chat) {
    Member format = chat.body().member("response_format").orElse(null);
    if (format == null || format.kind() != JsonKind.OBJECT) {
      return false;
    }
    JsonString type = string(chat, format.value(), "type");
    return type != null && !type.text().equals("text");
  }

  private Situation.Wanted wanted() {
    Member choice = request.body().member("tool_choice").orElse(null);
    if (choice == null || !tools) {
      return new Situation.Wanted.Nothing();
    }
    if (choice.kind() == JsonKind.OBJECT) {
      Span function = value(request, choice.value(), "function");
      JsonString name = function == null ? null : string(request, function, "name");
      return name == null ? new Situation.Wanted.Nothing() : new Situation.Wanted.Tool(name.text());
    }
    boolean required =
        request.body().string("tool_choice").map(JsonString::text).orElse("").equals("required");
    return required ? new Situation.Wanted.Any() : new Situation.Wanted.Nothing();
  }

  private static @Nullable Span value(ModelRequest request, Span object, String name) {
    try {
      return JsonMembers.value(request.body().bytes(), object, name);
    } catch (JsonFault e) {
      throw new IllegalStateException("a body that was parsed before", e);
    }
  }

  private static @Nullable JsonString string(ModelRequest request, Span object, String name) {
    Span span = value(request, object, name);
    byte[] bytes = request.body().bytes();
    return span != null && bytes[span.start()] == '"' ? JsonString.at(bytes, span) : null;
  }
}
