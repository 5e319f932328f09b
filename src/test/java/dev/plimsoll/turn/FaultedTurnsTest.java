package dev.plimsoll.turn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.config.Recovery;
import dev.plimsoll.it.CanonicalStream;
import dev.plimsoll.recover.Continuation;
import dev.plimsoll.recover.Decision;
import dev.plimsoll.recover.Outcome;
import dev.plimsoll.recover.RecoveryPolicy;
import dev.plimsoll.recover.Room;
import dev.plimsoll.schema.SchemaRule;
import dev.plimsoll.stream.AnswerId;
import dev.plimsoll.stream.AnswerWriter;
import dev.plimsoll.stream.ChatStream;
import dev.plimsoll.stream.Ending;
import dev.plimsoll.stream.JoinedAnswer;
import dev.plimsoll.stream.ResponseWatcher;
import dev.plimsoll.stream.Sent;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.stream.Verdict;
import dev.plimsoll.testing.Body;
import dev.plimsoll.testing.Chance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand turns of which three in ten break, by the watcher, the judge and the policy alone:
 * no socket, no thread, and a clock that is a number. Every client gets what its model wanted to
 * say, to the letter, or an error and nothing of a call.
 */
class FaultedTurnsTest {
  private static final int TURNS = 10_000;
  private static final int FIRST_BREAKS = 30;
  private static final int LATER_BREAK = 10;
  private static final String TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"write\",\"parameters\":{\"type\":"
          + "\"object\",\"required\":[\"filePath\",\"content\"],\"properties\":{\"filePath\":"
          + "{\"type\":\"string\"},\"content\":{\"type\":\"string\"}}}}}]";
  private static final SchemaRule RULE = new SchemaRule();

  private final RecoveryPolicy policy = new RecoveryPolicy(Recovery.DEFAULT);

  /** What one turn came to. */
  private record Result(
      ScriptedModel.Break first, int attempts, boolean delivered, String client) {}

  @Test
  void everyClientGetsAWholeAnswerOrAnHonestError() {
    AtomicInteger broken = new AtomicInteger();
    AtomicInteger recovered = new AtomicInteger();
    Chance.cases(
        1,
        TURNS,
        random -> {
          Result result = turn(random);
          assertThat(result.attempts()).isLessThanOrEqualTo(Recovery.DEFAULT.maxAttempts());
          if (result.first() == ScriptedModel.Break.NONE) {
            assertThat(result.attempts()).as("a good answer is left alone").isEqualTo(1);
            assertThat(result.delivered()).isTrue();
          } else {
            broken.incrementAndGet();
            recovered.addAndGet(result.delivered() ? 1 : 0);
          }
        });
    if (broken.get() > 1) {
      assertThat(recovered.get() / (double) broken.get()).isGreaterThanOrEqualTo(0.99);
    }
  }

  @Test
  void sameHistoryGivesTheSameAnswer() {
    Chance.cases(
        1,
        500,
        random -> {
          SplittableRandom twin = random.split();
          long seed = twin.nextLong();
          assertThat(turn(new SplittableRandom(seed))).isEqualTo(turn(new SplittableRandom(seed)));
        });
  }

  private Result turn(SplittableRandom random) {
    boolean stream = random.nextBoolean();
    boolean tools = random.nextInt(4) > 0;
    ScriptedModel model = new ScriptedModel(random, tools);
    AnswerWatch watch =
        new AnswerWatch(request(stream, tools), Recovery.DEFAULT, RULE, "call_own_");
    AnswerWriter writer = writer(stream);
    List<Outcome> history = new ArrayList<>();
    List<ScriptedModel.Break> breaks = new ArrayList<>();
    Duration elapsed = Duration.ZERO;
    Next next = watch.first(false);
    while (true) {
      breaks.add(model.next(breaks.isEmpty() ? FIRST_BREAKS : LATER_BREAK));
      ResponseWatcher watcher = watch.watcher(writer, continuation(next), next);
      UpstreamFailure failure =
          model.answer(breaks.getLast(), next.from(), next.callExpected(), watcher);
      Ending ending = watcher.ending(failure);
      history.add(
          new Outcome(
              watch.judge().verdict(ending),
              watch.said().sent(),
              ending.usage(),
              new Room(OptionalLong.of(4096), OptionalLong.empty())));
      elapsed = elapsed.plusSeconds(random.nextInt(1, 30));
      Decision decision =
          policy.decide(history, watch.situation(false, false, false, 4096, elapsed));
      switch (decision) {
        case Decision.Deliver(var complete) -> {
          watcher.releaseHeld(complete);
          writer.end(watcher.answer(complete, history.size(), ending.usage()));
          String client = written(writer);
          if (history.getLast().verdict() instanceof Verdict.Empty) {
            // A model that says nothing twice has no more to say, for all that anybody knows.
            boolean whole = watch.said().text().strip().equals(model.text()) && !model.calls();
            return new Result(breaks.getFirst(), history.size(), whole, client);
          }
          assertIntact(model, client, stream, history);
          return new Result(breaks.getFirst(), history.size(), true, client);
        }
        case Decision.Fail(var error) -> {
          writer.fail(error);
          String client = written(writer);
          assertThat(client)
              .as("%s", breaks)
              .contains("\"error\"")
              .doesNotContain("abandoned", "tool_calls", "[DONE]");
          return new Result(breaks.getFirst(), history.size(), false, client);
        }
        case Decision.Restart(var _, var changes, var delay) -> {
          assertThat(watch.said().sent()).isInstanceOf(Sent.Retractable.class);
          elapsed = elapsed.plus(delay);
          watch.said().restart();
          if (writer instanceof JoinedAnswer joined) {
            joined.restart();
          }
          next = Next.anew(changes);
        }
        case Decision.CompactAndRestart _ -> throw new AssertionError("there was room");
        case Decision.Continue(var _, var callExpected, var changes, var delay) -> {
          elapsed = elapsed.plus(delay);
          assertThat(model.text()).startsWith(watch.said().text().stripTrailing());
          next = Next.goingOn(watch.said().text(), callExpected, changes);
        }
      }
    }
  }

  private static @Nullable Continuation continuation(Next next) {
    String from = next.from();
    return from == null ? null : Continuation.of(from, Continuation.Way.TOLD, next.callExpected());
  }

  private static void assertIntact(
      ScriptedModel model, String client, boolean stream, List<Outcome> history) {
    assertThat(client).doesNotContain("abandoned");
    String text;
    String finish;
    List<JsonNode> calls = new ArrayList<>();
    if (stream) {
      CanonicalStream said = CanonicalStream.of(client, "m");
      text = said.text();
      finish = said.finish();
      calls.addAll(said.calls());
    } else {
      JsonNode choice = Body.of(client).json().at("/choices/0");
      text = choice.at("/message/content").asText("");
      finish = choice.path("finish_reason").asText();
      choice.at("/message/tool_calls").forEach(calls::add);
    }
    if (model.calls() && history.size() > 2) {
      // Text behind which a call had broken off is left out when the call comes.
      assertThat(model.text()).as("%s", history).startsWith(text.strip());
    } else {
      assertThat(text.strip()).as("%s %s", finish, history).isEqualTo(model.text());
    }
    assertThat(finish).isEqualTo(model.calls() ? "tool_calls" : "stop");
    assertThat(calls).hasSize(model.calls() ? 1 : 0);
    for (JsonNode call : calls) {
      assertThat(call.at("/function/arguments").asText()).isEqualTo(ScriptedModel.ARGUMENTS);
    }
  }

  private static AnswerWriter writer(boolean stream) {
    AnswerId id = new AnswerId("chatcmpl-1", 1, "m", "reasoning_content");
    return stream ? new ChatStream(id, true) : new JoinedAnswer(id, JoinedAnswer.Form.CHAT);
  }

  private static String written(AnswerWriter writer) {
    return new String(writer.out().toBytes(), UTF_8);
  }

  private static ChatRequest request(boolean stream, boolean tools) {
    String body =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":%s%s}"
            .formatted(stream, tools ? TOOLS : "");
    return switch (ChatRequest.parse(body.getBytes(UTF_8))) {
      case Parsed.Good<ChatRequest>(var request) -> request;
      case Parsed.Bad<ChatRequest>(var error) -> throw new AssertionError(error);
    };
  }
}
