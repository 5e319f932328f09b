package dev.plimsoll.tokens;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds where the text between two messages may be cut, so that both sides' tokens add up to those
 * of the whole.
 *
 * <p>Before a special token any text may be cut. Where a template has none, the cut is tried with
 * several texts on either side.
 */
final class Seams {
  private static final List<String> LEFT =
      List.of("word", "end.", "line\n", "space ", "7", "{}", "\"q\"", "\u4E2D", "()\n\n");
  private static final List<String> RIGHT = List.of("word", " space", "\nline", "7", "{", "\u4E2D");

  private final RenderForm form;
  private final Tokenizer tokenizer;

  /** The same texts come again and again, and the tokeniser may be a server. */
  private final Map<String, Integer> counts = new HashMap<>();

  Seams(RenderForm form, Tokenizer tokenizer) {
    this.form = form;
    this.tokenizer = tokenizer;
  }

  /** How much of the joints behind each place is counted with the message before them. */
  Map<Shape.Place, Integer> keeps() {
    Map<Shape.Place, Integer> keeps = new EnumMap<>(Shape.Place.class);
    for (Shape.Place place : Shape.Place.values()) {
      List<String> behind = new ArrayList<>(form.joints().getOrDefault(place, Map.of()).values());
      String end = form.ends().get(place);
      if (end != null) {
        behind.add(end);
      }
      keeps.put(place, best(behind.stream().distinct().toList()));
    }
    return keeps;
  }

  /** The start, else the last place within what all have in common at which nothing is lost. */
  private int best(List<String> joints) {
    String common = Texts.commonStart(joints);
    int best = 0;
    int least = wrong(joints, 0, Integer.MAX_VALUE);
    for (int at = common.length(); at > 0 && least > 0; at--) {
      if (at == common.length() || mayCut(common.charAt(at - 1), common.charAt(at))) {
        int wrong = wrong(joints, at, least);
        if (wrong < least) {
          best = at;
          least = wrong;
        }
      }
    }
    return best;
  }

  /** Tokens begin where the kind of character changes, and where a tag opens. */
  private static boolean mayCut(char before, char next) {
    return kind(before) != kind(next) || next == '<' || next == '[';
  }

  private static int kind(char c) {
    if (Character.isLetter(c)) {
      return 0;
    }
    if (Character.isWhitespace(c)) {
      return c == '\n' ? 1 : 2;
    }
    return Character.isDigit(c) ? 3 : 4;
  }

  /** By how many tokens both sides together differ from the whole, over all trials. */
  private int wrong(List<String> joints, int at, int enough) {
    int wrong = 0;
    for (String joint : joints) {
      for (int i = 0; i < LEFT.size() && wrong < enough; i++) {
        String left = LEFT.get(i);
        String right = RIGHT.get(i % RIGHT.size());
        int apart = count(left + joint.substring(0, at)) + count(joint.substring(at) + right);
        wrong += Math.abs(apart - count(left + joint + right));
      }
    }
    return wrong;
  }

  private int count(String text) {
    return counts.computeIfAbsent(text, tokenizer::count);
  }
}
