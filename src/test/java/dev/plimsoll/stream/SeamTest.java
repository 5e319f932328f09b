package dev.plimsoll.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.testing.Chance;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a continuation is joined to the text before it. */
class SeamTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "told      | The quick brown | fox jumps.                     | ` fox jumps.`",
        "told      | The quick brown | ` fox jumps.`                  | ` fox jumps.`",
        "told      | The quick brown | The quick brown fox.           | ` fox.`",
        "told      | The quick brown | quick brown fox.               | ` fox.`",
        "told      | The quick bro   | brown fox.                     | `wn fox.`",
        "told      | The end         | .                              | `.`",
        "told      | Done:           | it.                            | `it.`",
        "prefilled | The quick brown | The quick brown fox.           | ` fox.`",
        "prefilled | The quick bro   | wn fox.                        | `wn fox.`",
        "prefilled | a               | a                              | ``",
        "prefilled | The quick brown | quick brown fox.               | `quick brown fox.`",
      })
  void joins(String way, String before, String continuation, String expected) {
    for (int size : new int[] {1, 3, 1000}) {
      // A server that sends a text back does so in its first piece.
      int step = way.equals("prefilled") ? 1000 : size;
      assertThat(joined(before, way.equals("prefilled"), continuation, step)).isEqualTo(expected);
    }
  }

  @Test
  void fenceThatStandsOpenIsNotOpenedAgain() {
    String before = "Here:\n```java\nint a = 1;\n";

    assertThat(joined(before, false, "```java\nint b = 2;\n```\n", 4))
        .isEqualTo("int b = 2;\n```\n");
    assertThat(joined("Here:\n```java\nint a = 1;\n```\n", false, "```java\nint b = 2;\n```\n", 4))
        .isEqualTo("```java\nint b = 2;\n```\n");
  }

  @Test
  void longTextThatIsToldOnceMoreIsLeftOut() {
    String before = "line of the answer, and more.\n".repeat(40) + "The last li";

    assertThat(joined(before, false, before + "ne.", 5)).isEqualTo("ne.");
  }

  @Test
  void textThatIsToldOnceMoreInOtherWordsJoinsNowhere() {
    String before = "line of the answer, and more.\n".repeat(40);
    Seam seam = new Seam(before, false);

    seam.add(before.substring(0, 600));
    seam.add("something else");

    assertThat(seam.astray()).isTrue();
    assertThat(seam.add("more")).isEmpty();
    assertThat(seam.end()).isEmpty();
  }

  @Test
  void nothingIsLostOrDoubledWhereverTheTextWasCut() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      lines
          .append("Step ")
          .append(i)
          .append(" \uD83D\uDE00: run f(")
          .append(i * 7)
          .append(");\n\t");
    }
    String whole = lines.toString();
    Chance.cases(1, 2000, random -> assertWhole(whole, random));
  }

  private static void assertWhole(String whole, SplittableRandom random) {
    int cut = random.nextInt(30, whole.length() - 1);
    if (Character.isLowSurrogate(whole.charAt(cut))) {
      return; // no server cuts a character in half
    }
    String before = whole.substring(0, cut);
    // Prefilled servers send just the rest, or all of it in front of their first new token.
    assertThat(before + joined(before, true, whole.substring(cut), whole.length()))
        .isEqualTo(whole);
    assertThat(before + joined(before, true, whole, whole.length())).isEqualTo(whole);
    // A model that was told to go on may repeat what it has said last.
    int from = cut - random.nextInt(10, 30);
    assertThat(before + joined(before, false, whole.substring(from), random.nextInt(1, 9)))
        .as("cut at %d, repeated from %d", cut, from)
        .isEqualTo(whole);
  }

  private static String joined(String before, boolean prefilled, String text, int step) {
    Seam seam = new Seam(before, prefilled);
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < text.length(); i += step) {
      joined.append(seam.add(text.substring(i, Math.min(text.length(), i + step))));
    }
    return joined.append(seam.end()).toString();
  }
}
