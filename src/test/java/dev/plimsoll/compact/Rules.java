package dev.plimsoll.compact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Role;
import dev.plimsoll.testing.StrictJson;
import dev.plimsoll.testing.StrictJson.Value;
import dev.plimsoll.tokens.MessageCounter;
import dev.plimsoll.tokens.MessageReader;
import dev.plimsoll.tokens.MessageText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What holds for a request that goes upstream, read from its bytes and not from the plan. */
final class Rules {
  private final ChatRequest original;
  private final ChatRequest sent;
  private final List<MessageText> before;
  private final List<MessageText> after;

  Rules(ChatRequest original, ChatRequest sent) {
    this.original = original;
    this.sent = sent;
    this.before = new MessageReader(original).all();
    this.after = new MessageReader(sent).all();
  }

  /** Everything that a strict template and the model's task ask for. */
  void hold() {
    systemFirst();
    taskStays();
    roles();
    pairs();
    newestIsThere();
    argumentsAreJson();
    restIsUntouched();
  }

  /** What the prompt really costs behind its fixed part. */
  static long cost(ChatRequest request, MessageCounter counter) {
    long sum = 0;
    Role last = null;
    boolean lead = true;
    for (MessageText message : new MessageReader(request).all()) {
      lead &= message.role() == Role.SYSTEM;
      if (!lead) {
        sum += counter.message(message, last);
        last = message.role();
      }
    }
    return sum;
  }

  private void systemFirst() {
    assertThat(after.getFirst()).isEqualTo(before.getFirst());
    assertThat(after.subList(1, after.size())).noneMatch(m -> m.role() == Role.SYSTEM);
  }

  private void taskStays() {
    String task =
        before.stream()
            .filter(m -> m.role() == Role.USER && !m.content().startsWith("<system_reminder>"))
            .findFirst()
            .orElseThrow()
            .content();
    assertThat(after.stream().filter(m -> m.role() == Role.USER).map(MessageText::content))
        .anyMatch(text -> text.startsWith(task));
  }

  private void roles() {
    assertThat(after.get(1).role()).isEqualTo(Role.USER);
    Role last = null;
    for (int i = 1; i < after.size(); i++) {
      Role role = after.get(i).role();
      boolean fits =
          switch (role) {
            case USER -> last != Role.USER || i == 2; // a reminder may stand in front of the task
            case ASSISTANT -> last != Role.ASSISTANT;
            case TOOL -> last == Role.ASSISTANT || last == Role.TOOL;
            case SYSTEM, DEVELOPER -> false;
          };
      assertThat(fits).as("%s behind %s", role, last).isTrue();
      last = role;
    }
  }

  /** Every result has its call in front of it, in the same order, and every call its result. */
  private void pairs() {
    List<String> open = new ArrayList<>();
    for (Value message : messages()) {
      String role = text(message, "role");
      if ("tool".equals(role)) {
        assertThat(open).isNotEmpty();
        assertThat(text(message, "tool_call_id")).isEqualTo(open.removeFirst());
        continue;
      }
      assertThat(open).as("calls without result").isEmpty();
      message
          .member("tool_calls")
          .ifPresent(calls -> calls.elements().forEach(call -> open.add(text(call, "id"))));
    }
  }

  private List<Value> messages() {
    StrictJson json = StrictJson.read(sent.bytes()).orElseThrow();
    return json.root().member("messages").orElseThrow().elements();
  }

  private static @Nullable String text(Value value, String name) {
    return value.member(name).map(Value::text).orElse(null);
  }

  private void newestIsThere() {
    int answer = before.size() - 1;
    while (answer >= 0 && before.get(answer).role() != Role.ASSISTANT) {
      answer--;
    }
    int newest = before.size() - 1 - answer;
    assertThat(after.size()).isGreaterThanOrEqualTo(newest);
    for (int i = 1; i <= newest; i++) {
      MessageText old = before.get(before.size() - i);
      MessageText now = after.get(after.size() - i);
      assertThat(now.role()).isEqualTo(old.role());
      assertThat(now.images()).isEqualTo(old.images());
    }
  }

  private void argumentsAreJson() {
    for (MessageText message : after) {
      message
          .calls()
          .forEach(
              call -> {
                byte[] now = call.arguments().getBytes(StandardCharsets.UTF_8);
                boolean was = before.stream().anyMatch(m -> m.calls().contains(call));
                assertThat(was || StrictJson.read(now).isPresent()).isTrue();
              });
    }
  }

  /** All but the messages is byte for byte the client's. */
  private void restIsUntouched() {
    String old = new String(original.bytes(), StandardCharsets.UTF_8);
    String now = new String(sent.bytes(), StandardCharsets.UTF_8);
    assertThat(now).startsWith("{\"model\":\"m\",\"messages\":[");
    assertThat(now).endsWith(old.substring(old.lastIndexOf("],\"tools\"")));
  }
}
