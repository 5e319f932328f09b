package dev.plimsoll.tokens;

import java.util.ArrayList;
import java.util.List;

/**
 * How a template's program writes JSON; models are shown calls and tools in it.
 *
 * @param spaced whether a space follows every colon and comma
 * @param sorted whether the keys of the outermost object are sorted
 * @param sortedWithin whether those of objects within are
 * @param escapesHtml whether {@code <}, {@code >} and {@code &} are escaped, as Go does it
 * @param floats whether numbers went through a 64-bit float
 */
public record JsonStyle(
    boolean spaced, boolean sorted, boolean sortedWithin, boolean escapesHtml, boolean floats) {
  /** All of them, the likelier ones first. */
  static List<JsonStyle> all() {
    boolean[] both = {true, false};
    List<JsonStyle> styles = new ArrayList<>();
    for (boolean floats : both) {
      for (boolean escapesHtml : both) {
        for (boolean sortedWithin : both) {
          for (boolean sorted : both) {
            for (boolean spaced : both) {
              styles.add(new JsonStyle(spaced, sorted, sortedWithin, escapesHtml, floats));
            }
          }
        }
      }
    }
    return styles;
  }
}
