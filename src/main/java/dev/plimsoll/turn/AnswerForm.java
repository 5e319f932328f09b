package dev.plimsoll.turn;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.CompletionRequest;
import dev.plimsoll.chat.ModelRequest;
import dev.plimsoll.config.Config;
import dev.plimsoll.stream.AnswerId;
import dev.plimsoll.stream.AnswerWriter;
import dev.plimsoll.stream.ChatStream;
import dev.plimsoll.stream.CompletionStream;
import dev.plimsoll.stream.JoinedAnswer;

/** Chooses the form of an answer, and the names under which it shows itself. */
final class AnswerForm {
  private final Config config;
  private final Arrival arrival;

  AnswerForm(Config config, Arrival arrival) {
    this.config = config;
    this.arrival = arrival;
  }

  AnswerWriter writer(ModelRequest request) {
    return switch (request) {
      case ChatRequest chat -> {
        AnswerId id = id("chatcmpl-", chat.model());
        yield chat.stream()
            ? new ChatStream(id, chat.includeUsage())
            : new JoinedAnswer(id, JoinedAnswer.Form.CHAT);
      }
      case CompletionRequest old -> {
        AnswerId id = id("cmpl-", old.model());
        yield old.stream()
            ? new CompletionStream(id, old.includeUsage())
            : new JoinedAnswer(id, JoinedAnswer.Form.COMPLETION);
      }
    };
  }

  /** Ids that a call gets when its server gave none: unique over requests, and short. */
  String callIdPrefix() {
    return "call_" + unique() + "_";
  }

  private AnswerId id(String prefix, String model) {
    return new AnswerId(
        prefix + unique(),
        arrival.startedAt().getEpochSecond(),
        model,
        config.compat().reasoningField().fieldName());
  }

  private String unique() {
    String id = arrival.id();
    return id.substring(id.indexOf('_') + 1);
  }
}
