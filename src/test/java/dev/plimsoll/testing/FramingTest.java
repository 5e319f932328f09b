package dev.plimsoll.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same answer, cut in every way, stays the same answer. */
class FramingTest {
  private static final Answer ANSWER = Answer.text("Hällo", " wörld 😀", "!").reasoning("hm");
  private static final String ASK =
      "{\"model\":\"test\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100, 100_000})
  void chunksHaveAtMostThatManyBytes(int bytes) throws Exception {
    RawClient.Response response = ask(ANSWER.framing(Framing.splitEvery(bytes)));

    assertThat(response.pieces()).allMatch(piece -> piece.body().length() <= bytes);
    assertAnswer(response);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 50})
  void tornWritesChangeNothing(int bytes) throws Exception {
    RawClient.Response response = ask(ANSWER.framing(Framing.splitEvery(11).tornEvery(bytes)));

    assertAnswer(response);
  }

  @Test
  void naturalFramingIsAChunkAPiece() throws Exception {
    RawClient.Response response = ask(ANSWER);

    assertThat(response.pieces()).hasSize(5);
    assertAnswer(response);
  }

  @Test
  void everythingInOneWriteKeepsItsChunks() throws Exception {
    RawClient.Response response = ask(ANSWER.framing(Framing.oneWrite()));

    assertThat(response.pieces()).hasSize(5);
    assertAnswer(response);
  }

  @ParameterizedTest
  @EnumSource(Framing.LineEnd.class)
  void linesEndAsTold(Framing.LineEnd end) throws Exception {
    RawClient.Response response = ask(ANSWER.framing(Framing.NATURAL.lineEnd(end)));

    assertThat(response.text()).endsWith("data: [DONE]" + end.text() + end.text());
    assertThat(response.text().replace(end.text(), "")).doesNotContain("\r", "\n");
    assertAnswer(response);
  }

  private static RawClient.Response ask(Answer answer) throws Exception {
    try (FakeOllama fake = FakeOllama.start()) {
      fake.enqueue(answer);
      return RawClient.post(fake.uri(), "/v1/chat/completions", ASK);
    }
  }

  private static void assertAnswer(RawClient.Response response) {
    SseText events = SseText.of(response.text());
    assertThat(response.complete()).isTrue();
    assertThat(events.joined("content")).isEqualTo("Hällo wörld 😀!");
    assertThat(events.joined("reasoning")).isEqualTo("hm");
    assertThat(events.rest()).isEmpty();
    assertThat(events.done()).isTrue();
    assertThat(events.comments()).isEqualTo(List.of());
  }
}
