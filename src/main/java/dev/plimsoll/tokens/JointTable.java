package dev.plimsoll.tokens;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects what a template writes between messages, and works out what it would write between those
 * that no probe had side by side.
 */
final class JointTable {
  /** A pair of neighbours. */
  private record Pair(Shape.Place before, Shape next) {}

  /** Messages of which the template showed only the first and the last, and what was between. */
  private record Gap(List<Shape> shapes, String text) {}

  private final Map<Pair, Map<Shape, String>> seen = new LinkedHashMap<>();
  private final List<Gap> gaps = new ArrayList<>();
  private final Map<Shape, String> closings = new LinkedHashMap<>();
  private final Map<Pair, String> joints = new LinkedHashMap<>();

  /**
   * Takes what stands between two messages.
   *
   * @param shapes the message before, those that do not show, and the next one; a single one is the
   *     first that shows, and before it stands the prompt's beginning
   */
  void add(List<Shape> shapes, String text) {
    if (shapes.size() == 2) {
      Shape before = shapes.getFirst();
      seen.computeIfAbsent(new Pair(before.place(), shapes.getLast()), _ -> new LinkedHashMap<>())
          .putIfAbsent(before, text);
    } else if (shapes.size() == 3) {
      gaps.add(new Gap(List.copyOf(shapes), text));
    }
  }

  /** Works out the joints once all probes were seen. */
  void settle() {
    for (Map<Shape, String> texts : seen.values()) {
      String common = Texts.commonEnd(texts.values());
      if (texts.size() > 1) {
        texts.forEach(
            (before, text) ->
                closings.putIfAbsent(before, text.substring(0, text.length() - common.length())));
      }
    }
    seen.forEach(
        (pair, texts) -> {
          Map.Entry<Shape, String> one = texts.entrySet().iterator().next();
          String closing = closings.getOrDefault(one.getKey(), "");
          String text = one.getValue();
          joints.put(pair, text.startsWith(closing) ? text.substring(closing.length()) : text);
        });
    gaps.forEach(this::settle);
  }

  /** A message that does not show has no text but the joints before and behind it. */
  private void settle(Gap gap) {
    Shape hidden = gap.shapes().get(1);
    String behind = joints.get(new Pair(hidden.place(), gap.shapes().getLast()));
    String closing = closings.getOrDefault(gap.shapes().getFirst(), "");
    if (behind != null && gap.text().endsWith(behind) && gap.text().startsWith(closing)) {
      int end = gap.text().length() - behind.length();
      Pair pair = new Pair(gap.shapes().getFirst().place(), hidden);
      joints.putIfAbsent(pair, gap.text().substring(Math.min(end, closing.length()), end));
    }
  }

  /**
   * What belongs to a message before the joint: where the joints behind several shapes end alike
   * but begin differently.
   */
  Map<Shape, String> closings() {
    return closings;
  }

  /** The joints between all places and shapes. */
  Map<Shape.Place, Map<Shape, String>> all(Set<Shape> shapes) {
    Map<Shape, String> opens = opens(shapes);
    Map<Shape.Place, Map<Shape, String>> all = new EnumMap<>(Shape.Place.class);
    for (Shape.Place before : Shape.Place.values()) {
      String close = close(before, opens);
      Map<Shape, String> row = new LinkedHashMap<>();
      Set<Shape> nexts = new LinkedHashSet<>(shapes);
      joints.keySet().forEach(pair -> nexts.add(pair.next()));
      for (Shape next : nexts) {
        String known = joints.get(new Pair(before, next));
        row.put(next, known != null ? known : close + opens.getOrDefault(next, ""));
      }
      all.put(before, row);
    }
    return all;
  }

  /** How each shape begins, whatever it follows. */
  private Map<Shape, String> opens(Set<Shape> shapes) {
    Map<Shape, String> opens = new HashMap<>();
    for (Shape next : shapes) {
      List<String> before = new ArrayList<>();
      joints.forEach(
          (pair, text) -> {
            if (pair.next().equals(next) && pair.before() != Shape.Place.SYSTEM) {
              before.add(text);
            }
          });
      opens.put(next, Texts.commonEnd(before));
    }
    return opens;
  }

  /** How what stands at a place ends, whatever follows. */
  private String close(Shape.Place before, Map<Shape, String> opens) {
    for (Map.Entry<Pair, String> joint : joints.entrySet()) {
      String open = opens.getOrDefault(joint.getKey().next(), "");
      if (joint.getKey().before() == before && joint.getValue().endsWith(open)) {
        return joint.getValue().substring(0, joint.getValue().length() - open.length());
      }
    }
    return "";
  }
}
