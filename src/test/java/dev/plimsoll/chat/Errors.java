package dev.plimsoll.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.testing.StrictJson;

/** What every error that is worded for a client must be, whatever the client sent. */
final class Errors {
  /** Words of ours, and a path of a field at most: nothing that grows with what came in. */
  private static final int MAX_MESSAGE = 400;

  private Errors() {}

  static void assertFitToSend(ApiError error) {
    byte[] json = error.toJson();
    assertThat(StrictJson.read(json)).as("the error is JSON").isPresent();
    JsonNode told = dev.plimsoll.testing.Body.of(json).json().path("error");
    assertThat(told.path("message").textValue()).isEqualTo(error.message());
    assertThat(error.status()).isBetween(400, 499);
    assertThat(error.deterministic()).isTrue();
    assertThat(error.message()).hasSizeLessThan(MAX_MESSAGE);
    assertThat(error.message().codePoints().noneMatch(Character::isISOControl)).isTrue();
  }
}
