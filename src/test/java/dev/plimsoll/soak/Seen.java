package dev.plimsoll.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.it.CanonicalStream;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.SseText;
import java.util.List;

/** What a client got. Everything else that it may get is a failure of the test. */
enum Seen {
  /** All that the server had to say. */
  WHOLE,
  /** An error that says so. */
  ERROR,
  /** What an upstream's broken answer looks like where answers are passed on untouched. */
  PASSED_ON,
  /** Nothing that matters: it left before. */
  LEFT;

  /**
   * Judges a response that was read to its end.
   *
   * @param untouched whether the answer is passed on as the server sends it
   */
  static Seen in(RawClient.Response response, Scene scene, boolean untouched) {
    if (scene.question().status() > 0) {
      assertThat(response.status()).as(response.text()).isEqualTo(scene.question().status());
      assertThat(response.complete()).isTrue();
      return scene.errand() == Errand.REFUSED ? error(response) : WHOLE;
    }
    if (untouched && !scene.mustSucceed()) {
      return PASSED_ON;
    }
    assertThat(response.complete()).as("complete: " + response.text()).isTrue();
    boolean failed =
        response.status() != 200
            || (scene.stream() && !response.text().endsWith("data: [DONE]\n\n"));
    if (failed) {
      assertThat(scene.mustSucceed())
          .as("an error without a fault: " + response.status() + " " + response.text())
          .isFalse();
      return error(response);
    }
    checkWhole(response, scene);
    return WHOLE;
  }

  private static Seen error(RawClient.Response response) {
    JsonNode error =
        response.status() == 200
            ? SseText.of(response.text()).json().getLast().path("error")
            : response.body().json().path("error");
    assertThat(error.path("message").asText()).as(response.text()).isNotEmpty();
    assertThat(error.path("type").asText()).as(response.text()).isNotEmpty();
    return ERROR;
  }

  private static void checkWhole(RawClient.Response response, Scene scene) {
    switch (scene.errand()) {
      case CHAT, CALL -> {
        if (scene.stream()) {
          CanonicalStream stream = CanonicalStream.of(response.text(), "test");
          assertThat(stream.text()).isEqualTo(scene.text());
          checkCalls(stream.calls(), scene);
        } else {
          JsonNode message = response.body().json().at("/choices/0/message");
          assertThat(message.path("content").asText()).isEqualTo(scene.text());
          checkCalls(message.path("tool_calls").valueStream().toList(), scene);
        }
      }
      case COMPLETION ->
          assertThat(
                  scene.stream()
                      ? joined(SseText.of(response.text()))
                      : response.body().json().at("/choices/0/text").asText())
              .isEqualTo(scene.text());
      case EMBEDDINGS ->
          assertThat(response.body().json().at("/data/0/embedding").size()).isPositive();
      case DISCOVERY, REFUSED -> throw new IllegalStateException("judged by its status");
    }
  }

  private static void checkCalls(List<JsonNode> calls, Scene scene) {
    if (scene.errand() == Errand.CALL) {
      assertThat(calls).hasSize(1);
      assertThat(CanonicalStream.arguments(calls.getFirst()).toString()).isEqualTo(Scene.ARGUMENTS);
    } else {
      assertThat(calls).isEmpty();
    }
  }

  private static String joined(SseText sse) {
    StringBuilder text = new StringBuilder();
    sse.json().forEach(event -> text.append(event.at("/choices/0/text").asText("")));
    return text.toString();
  }
}
