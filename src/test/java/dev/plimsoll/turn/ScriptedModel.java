package dev.plimsoll.turn;

import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.stream.EventSink;
import dev.plimsoll.stream.StreamEvent;
import dev.plimsoll.stream.UpstreamFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A model that wants to give one answer, and a server that often does not let it: each attempt may
 * break in one of the ways of {@link Break}.
 */
final class ScriptedModel {
  /** The arguments of its call. */
  static final String ARGUMENTS = "{\"filePath\":\"/a.txt\",\"content\":\"one\\ntwo\"}";

  /** What no client may ever see. */
  private static final String HALF = "{\"filePath\":\"/abandoned.txt\",\"content\":\"on";

  private static final String CHATTER = "Well then: ";
  private static final int PROMPT = 100;

  /** The ways in which an attempt may break. */
  enum Break {
    NONE,
    REFUSED,
    SILENT,
    BUSY,
    CUT,
    STALLED,
    CRASHED,
    ODD_ERROR,
    NO_FINISH,
    EMPTY,
    REASONING_ONLY,
    LENGTH,
    CALL_HALF,
    CALL_HALF_BY_LENGTH,
    CALL_UNKNOWN,
    CALL_WRONG,
    CALL_IN_TEXT,
    CALL_IN_TEXT_HALF
  }

  private final SplittableRandom random;
  private final List<String> words = new ArrayList<>();
  private final boolean calls;
  private final int reasoning;

  ScriptedModel(SplittableRandom random, boolean tools) {
    this.random = random;
    this.calls = tools && random.nextBoolean();
    this.reasoning = random.nextInt(4);
    int count = random.nextInt(calls ? 0 : 1, 30);
    for (int i = 0; i < count; i++) {
      words.add((i == 0 ? "Word" : " word") + i);
    }
  }

  /** The text that it wants to say. */
  String text() {
    return String.join("", words);
  }

  /** Whether it wants to make a call behind it. */
  boolean calls() {
    return calls;
  }

  /** The way in which the next attempt breaks, so many times of a hundred in any. */
  Break next(int share) {
    if (random.nextInt(100) >= share) {
      return Break.NONE;
    }
    Break[] all = Break.values();
    Break drawn = all[random.nextInt(1, all.length)];
    return !calls && drawn.name().startsWith("CALL") ? Break.CUT : drawn;
  }

  /**
   * Gives an answer.
   *
   * @param from the text so far that it goes on from, null when it begins anew
   * @param callExpected whether a call is missing
   * @return why the bytes ended, null for a clean end
   */
  @Nullable UpstreamFailure answer(
      Break how, @Nullable String from, boolean callExpected, EventSink sink) {
    List<StreamEvent> events = events(how, from, callExpected);
    int length =
        switch (how) {
          case REFUSED, SILENT, BUSY -> 0;
          case CUT, STALLED, CRASHED, ODD_ERROR -> random.nextInt(events.size());
          default -> events.size();
        };
    events.subList(0, length).forEach(sink::event);
    return end(how, sink);
  }

  private static @Nullable UpstreamFailure end(Break how, EventSink sink) {
    return switch (how) {
      case REFUSED -> new UpstreamFailure.Refused("nobody");
      case SILENT ->
          new UpstreamFailure.TimedOut(UpstreamFailure.Phase.FIRST_BYTE, Duration.ofSeconds(60));
      case BUSY -> new UpstreamFailure.Status(503, "busy", Duration.ofSeconds(2));
      case CUT -> new UpstreamFailure.Cut("reset");
      case STALLED ->
          new UpstreamFailure.TimedOut(UpstreamFailure.Phase.IDLE, Duration.ofSeconds(60));
      case CRASHED -> {
        sink.event(new StreamEvent.Failed(new UpstreamFailure.RunnerCrash("gone")));
        yield null;
      }
      case ODD_ERROR -> {
        sink.event(new StreamEvent.Failed(new UpstreamFailure.ErrorFrame("odd")));
        yield null;
      }
      default -> null;
    };
  }

  private List<StreamEvent> events(Break how, @Nullable String from, boolean callExpected) {
    List<StreamEvent> events = new ArrayList<>();
    if (how == Break.EMPTY) {
      finish(events, FinishReason.STOP);
      return events;
    }
    if (from == null) {
      for (int i = 0; i < Math.max(reasoning, how == Break.REASONING_ONLY ? 1 : 0); i++) {
        events.add(new StreamEvent.ReasoningDelta(JsonString.of("Hm "), null));
      }
    }
    if (how == Break.REASONING_ONLY) {
      finish(events, random.nextBoolean() ? FinishReason.LENGTH : FinishReason.STOP);
      return events;
    }
    List<String> pieces = pieces(from, callExpected);
    int said = how == Break.LENGTH ? random.nextInt(pieces.size() + 1) : pieces.size();
    pieces.subList(0, said).forEach(piece -> text(events, piece));
    if (how == Break.LENGTH) {
      finish(events, FinishReason.LENGTH);
      return events;
    }
    call(events, how);
    if (how != Break.NO_FINISH) {
      boolean cut = how == Break.CALL_HALF_BY_LENGTH;
      finish(events, cut ? FinishReason.LENGTH : FinishReason.STOP);
    }
    return events;
  }

  /** The words that are left to say; who is told to go on may repeat some, or drop a space. */
  private List<String> pieces(@Nullable String from, boolean callExpected) {
    if (from == null) {
      return words;
    }
    if (callExpected && from.stripTrailing().equals(text())) {
      return random.nextBoolean() ? List.of() : List.of(CHATTER);
    }
    List<String> left = new ArrayList<>();
    int length = 0;
    for (String word : words) {
      if (length >= from.length()) {
        left.add(word);
      }
      length += word.length();
    }
    switch (random.nextInt(3)) {
      case 0 -> left.addFirst(from.substring(Math.max(0, from.length() - 20)));
      case 1 -> {
        if (!left.isEmpty()) {
          left.addFirst(left.removeFirst().stripLeading());
        }
      }
      default -> {}
    }
    return left;
  }

  private void call(List<StreamEvent> events, Break how) {
    if (!calls) {
      return;
    }
    switch (how) {
      case CALL_HALF, CALL_HALF_BY_LENGTH -> call(events, "write", HALF);
      case CALL_UNKNOWN -> call(events, "abandoned", ARGUMENTS);
      case CALL_WRONG -> call(events, "write", "{\"filePath\":\"/abandoned.txt\",\"content\":7}");
      case CALL_IN_TEXT -> text(events, inText(ARGUMENTS) + "}\n</tool_call>");
      case CALL_IN_TEXT_HALF -> text(events, inText(HALF));
      default -> call(events, "write", ARGUMENTS);
    }
  }

  private static String inText(String arguments) {
    return "\n<tool_call>\n{\"name\": \"write\", \"arguments\": " + arguments;
  }

  private static void call(List<StreamEvent> events, String name, String arguments) {
    int half = arguments.length() / 2;
    events.add(new StreamEvent.ToolCallDelta(0, "c", name, arguments.substring(0, half)));
    events.add(new StreamEvent.ToolCallDelta(0, null, null, arguments.substring(half)));
  }

  private static void text(List<StreamEvent> events, String text) {
    events.add(new StreamEvent.TextDelta(JsonString.of(text), null, null));
  }

  private static void finish(List<StreamEvent> events, FinishReason reason) {
    int completion = events.size() + 1;
    events.add(new StreamEvent.Finished(reason, null));
    events.add(new StreamEvent.UsageReport(new Usage(PROMPT, completion, 0, 0), null, null));
    events.add(new StreamEvent.Done());
  }
}
