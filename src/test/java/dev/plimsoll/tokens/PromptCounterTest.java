package dev.plimsoll.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.chat.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Requests as the model reads them, and what a known conversation costs to count again. */
class PromptCounterTest {
  private static final String CONVERSATION =
      """
      {"model":"m","messages":[
        {"role":"system","content":"Be brief."},
        {"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":"two"},
          {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
        {"role":"assistant","content":null,"reasoning_content":"hm","tool_calls":[
          {"id":"a","type":"function","function":{"name":"read","arguments":"{\\"p\\": 1}"}},
          {"id":"b","type":"function","function":{"name":"list","arguments":" "}},
          {"id":"c","type":"function","function":{"name":"odd","arguments":"{cut"}}]},
        {"role":"tool","tool_call_id":"b","content":"nothing"}\
      """;

  private static ChatRequest request(String more) {
    byte[] json = (CONVERSATION + more + "]}").getBytes(StandardCharsets.UTF_8);
    return switch (ChatRequest.parse(json)) {
      case Parsed.Good<ChatRequest>(ChatRequest good) -> good;
      case Parsed.Bad<ChatRequest>(var error) -> throw new AssertionError(error.message());
    };
  }

  @Test
  void readsMessagesAsTheyAreSent() {
    List<MessageText> messages = new MessageReader(request("")).all();

    assertThat(messages.get(0)).isEqualTo(MessageText.of(Role.SYSTEM, "Be brief."));
    assertThat(messages.get(1))
        .isEqualTo(new MessageText(Role.USER, "one\ntwo", "", List.of(), "", 1));
    assertThat(messages.get(2))
        .isEqualTo(
            new MessageText(
                Role.ASSISTANT,
                "",
                "hm",
                List.of(
                    new CallText("read", "{\"p\": 1}"),
                    new CallText("list", "{}"),
                    new CallText("odd", "{\"malformed_arguments\":\"{cut\"}")),
                "",
                0));
    assertThat(messages.get(3)).isEqualTo(MessageText.result("list", "nothing"));
  }

  /** Counts how often it is asked. */
  private static final class Counting implements Tokenizer {
    private final AtomicInteger asked = new AtomicInteger();
    private final Tokenizer real;

    Counting(Tokenizer real) {
      this.real = real;
    }

    @Override
    public int count(String text) {
      asked.incrementAndGet();
      return real.count(text);
    }

    @Override
    public int[] encode(String text) {
      return real.encode(text);
    }
  }

  @Test
  void aKnownConversationCostsOnlyItsNewMessages() throws IOException {
    Counting tokenizer = new Counting(Tokenizers.of(MadeUp.bytePairs()).tokenizer());
    ModelCounter messages =
        new ModelCounter(new Tokenization.Exact(tokenizer), RenderForm.chatMl(), "id");
    PromptCounter counter = new PromptCounter(messages);
    ChatRequest first = request("");
    ChatRequest second =
        request(
            ",{\"role\":\"assistant\",\"content\":\"x\"},{\"role\":\"tool\",\"content\":\"y\"}");

    int before = counter.prompt(first, 100).tokens();
    int fresh = tokenizer.asked.getAndSet(0);
    int again = counter.prompt(first, 100).tokens();
    int known = tokenizer.asked.getAndSet(0);
    int after = counter.prompt(second, 100).tokens();
    int more = tokenizer.asked.get();

    assertThat(again).isEqualTo(before).isGreaterThan(100 + ModelCounter.IMAGE_TOKENS);
    assertThat(after).isGreaterThan(before);
    assertThat(fresh - known).as("three messages").isEqualTo(3);
    assertThat(more - known).as("two messages").isEqualTo(2);
    assertThat(before).isEqualTo(messages.prompt(100, new MessageReader(first).all()));
  }

  @Test
  void aMessageCountsAnewWhenAUserFollows() throws IOException {
    ModelCounter messages = model(Templates.TAGS);
    PromptCounter counter = new PromptCounter(messages);
    ChatRequest going = request("");
    ChatRequest past = request(",{\"role\":\"user\",\"content\":\"the\"}");

    assertThat(counter.prompt(going, 0).tokens()).isEqualTo(messages.prompt(0, read(going)));
    assertThat(counter.prompt(past, 0).tokens()).isEqualTo(messages.prompt(0, read(past)));
    assertThat(counter.prompt(past, 0).tokens())
        .as("its reasoning is gone")
        .isLessThan(counter.prompt(going, 0).tokens());
  }

  private static List<MessageText> read(ChatRequest request) {
    return new MessageReader(request).all();
  }

  private static ModelCounter model(Templates template) throws IOException {
    Tokenization tokens = Tokenizers.of(MadeUp.bytePairs());
    List<Rendered> probes =
        Probe.all().stream()
            .map(probe -> new Rendered(probe, template.render(probe.messages())))
            .toList();
    return new ModelCounter(
        tokens,
        FormReader.read(probes, probes.getFirst(), tokens.tokenizer()).orElseThrow(),
        template.name());
  }
}
