package dev.plimsoll.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.testing.Chance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Special tokens in a text: longest first, whatever overlaps. */
class SpecialTokensTest {
  private static List<String> cut(String text, String... tokens) {
    List<SpecialTokens.Special> specials = new ArrayList<>();
    for (int i = 0; i < tokens.length; i++) {
      specials.add(new SpecialTokens.Special(i, tokens[i]));
    }
    List<String> parts = new ArrayList<>();
    new SpecialTokens(specials)
        .cut(
            text,
            new SpecialTokens.Parts() {
              @Override
              public void text(int from, int to) {
                parts.add(text.substring(from, to));
              }

              @Override
              public void special(int id) {
                parts.add("#" + tokens[id]);
              }
            });
    return parts;
  }

  @Test
  void cutsThemOut() {
    assertThat(cut("a<b>c<b>", "<b>")).containsExactly("a", "#<b>", "c", "#<b>");
    assertThat(cut("", "<b>")).isEmpty();
    assertThat(cut("plain", "<b>")).containsExactly("plain");
    assertThat(cut("<b>", "<b>", "")).containsExactly("#<b>");
  }

  @Test
  void theLongerOneGoesFirstEvenIfItBeginsLater() {
    assertThat(cut("xabcdy", "ab", "bcd")).containsExactly("xa", "#bcd", "y");
  }

  @Test
  void runsAreCutFromTheLeft() {
    assertThat(cut("aaaaa", "aa", "aaa")).containsExactly("#aaa", "#aa");
    assertThat(cut("aaaaaaa", "aa", "aaa")).containsExactly("#aaa", "#aaa", "a");
  }

  /** The rule, written down as plainly as it can be. */
  private static List<String> plainly(String text, List<String> byLength) {
    List<String> parts = new ArrayList<>(List.of(text));
    for (String token : byLength) {
      List<String> next = new ArrayList<>();
      for (String part : parts) {
        int at = 0;
        int found = part.startsWith("#") ? -1 : part.indexOf(token);
        while (found >= 0) {
          next.add(part.substring(at, found));
          next.add("#" + token);
          at = found + token.length();
          found = part.indexOf(token, at);
        }
        next.add(part.substring(at));
      }
      parts = next;
    }
    parts.removeIf(String::isEmpty);
    return parts;
  }

  @Test
  void sameAsThePlainRule() {
    List<String> byLength = List.of("ab<a", "b<a", "a\u00E9", "ab", "\u00E9", "bb");
    Chance.cases(
        1,
        2000,
        random -> {
          StringBuilder text = new StringBuilder();
          for (int i = random.nextInt(30); i > 0; i--) {
            text.append("ab<\u00E9".charAt(random.nextInt(4)));
          }
          assertThat(cut(text.toString(), byLength.toArray(String[]::new)))
              .isEqualTo(plainly(text.toString(), byLength));
        });
  }
}
