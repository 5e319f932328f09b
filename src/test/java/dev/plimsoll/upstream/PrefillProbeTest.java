package dev.plimsoll.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.recover.Continuation.Way;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How a model goes on is asked once, and believed only to the letter. */
class PrefillProbeTest {
  private final AtomicInteger asked = new AtomicInteger();
  private Model model = model("m");

  private static Model model(String name) {
    return new Model(name, "", true, true, OptionalLong.of(4096));
  }

  private Way way(String body, PrefillProbe.Renderer renderer) throws InterruptedException {
    return probe(renderer).way(model, chat(body));
  }

  private PrefillProbe probe(PrefillProbe.Renderer renderer) {
    return new PrefillProbe(
        (request, question, asks) -> {
          asked.incrementAndGet();
          assertThat(question.changes().cap()).isEqualTo(OptionalLong.of(1));
          return renderer.prompt(request, question, asks);
        });
  }

  private static ChatRequest chat(String more) {
    String body =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + more + "}";
    return switch (ChatRequest.parse(body.getBytes(UTF_8))) {
      case Parsed.Good<ChatRequest>(var request) -> request;
      case Parsed.Bad<ChatRequest>(var error) -> throw new AssertionError(error);
    };
  }

  private static @Nullable String open(ChatRequest request, Question question, Model model) {
    String text = question.answered();
    return "<user>Tell me a story.<assistant>" + (text == null ? "" : text);
  }

  @Test
  void templateThatLeavesTheAnswerOpenGoesOn() throws Exception {
    assertThat(way("", PrefillProbeTest::open)).isEqualTo(Way.PREFILLED);
  }

  @Test
  void templateThatClosesItIsTold() throws Exception {
    assertThat(way("", (r, q, m) -> open(r, q, m) + "<end>")).isEqualTo(Way.TOLD);
    assertThat(way("", (r, q, m) -> open(r, q, m) + (q.answered() == null ? "" : " ")))
        .isEqualTo(Way.TOLD);
  }

  @Test
  void serverThatCannotRenderIsTold() throws Exception {
    assertThat(way("", (r, q, m) -> null)).isEqualTo(Way.TOLD);
  }

  @Test
  void eachModelAndKindOfRequestIsAskedAboutOnce() throws Exception {
    PrefillProbe probe = probe(PrefillProbeTest::open);
    for (int i = 0; i < 3; i++) {
      probe.way(model, chat(""));
      probe.way(model, chat(",\"think\":true"));
    }
    assertThat(asked).hasValue(4);
    model = model("other");
    probe.way(model, chat(""));
    assertThat(asked).hasValue(6);
  }
}
