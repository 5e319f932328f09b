package dev.plimsoll.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.json.JsonString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model that says the same over and over is noticed, one that lists or tabulates is not. */
class RepetitionTest {
  private final Repetition repetition = new Repetition();

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 24, 500, 1900})
  void blockThatComesAgainAndAgainIsNoticed(int length) {
    StringBuilder block = new StringBuilder();
    for (int i = 0; block.length() < length; i++) {
      block.append(Integer.toString(i * 7919, 36)).append(' ');
    }
    block.setLength(length);

    assertThat(say(block.toString().repeat(40_000 / length))).isTrue();
  }

  @Test
  void beginningDoesNotHideIt() {
    assertThat(say(numbers(20_000) + "Now I fix it. ".repeat(2_000))).isTrue();
  }

  @Test
  void onePieceIsEnough() {
    assertThat(repetition.add(JsonString.of("\n".repeat(50_000)))).isTrue();
  }

  @Test
  void fewTimesAreNone() {
    assertThat(say("Now I fix it. ".repeat(250))).isFalse();
    assertThat(say(numbers(1_500).repeat(5))).isFalse();
  }

  @Test
  void rowsThatDifferAreNone() {
    assertThat(say(numbers(100_000))).isFalse();
    StringBuilder table = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      table.append("| ").append(i).append(" | passed | 0.0 s |\n");
    }
    assertThat(say(table.toString())).isFalse();
  }

  @Test
  void resetForgets() {
    assertThat(say("x".repeat(4_000))).isFalse();
    repetition.reset();
    assertThat(say("x".repeat(4_000))).isFalse();
  }

  private static String numbers(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < length; i++) {
      text.append(i).append(' ');
    }
    return text.substring(0, length);
  }

  /** Says it in small pieces. */
  private boolean say(String text) {
    boolean noticed = false;
    for (int i = 0; i < text.length() && !noticed; i += 5) {
      noticed = repetition.add(JsonString.of(text.substring(i, Math.min(text.length(), i + 5))));
    }
    return noticed;
  }
}
