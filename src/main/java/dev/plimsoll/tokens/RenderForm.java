package dev.plimsoll.tokens;

import dev.plimsoll.json.JsonFault;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a model's template writes messages: the texts around and between what they say.
 *
 * <p>Read out of prompts that the server rendered ({@link FormReader}), so that it holds for any
 * template that writes one message behind the other. A prompt is then a beginning (system messages
 * and tools, counted as the server renders them), the {@link #text} of each message, and an end.
 *
 * @param joints what stands between the last text of the message before and the first of this one
 * @param bodies a message's texts as marks of {@link Slot}, and what stands between and behind them
 * @param ends what stands behind the last message and opens the answer
 * @param keeps how much of every joint behind such a message is counted with that message, so that
 *     no token spans two of them; in UTF-16 characters
 * @param calls how calls are written; null when the template does not write them
 * @param exact whether the server's own prompts were made again with it, to the letter
 */
public record RenderForm(
    Map<Shape.Place, Map<Shape, String>> joints,
    Map<Shape, String> bodies,
    Map<Shape.Place, String> ends,
    Map<Shape.Place, Integer> keeps,
    @Nullable CallForm calls,
    boolean exact) {

  /**
   * How calls are written, from the first one's name to the last one's arguments.
   *
   * @param assign between a name and its arguments
   * @param between after a call that another follows
   */
  public record CallForm(String assign, String between, ArgumentForm arguments) {}

  /** Copies what it gets. */
  public RenderForm {
    joints = Map.copyOf(joints);
    bodies = Map.copyOf(bodies);
    ends = Map.copyOf(ends);
    keeps = Map.copyOf(keeps);
  }

  /** ChatML with Qwen's way of calling, for models of which nothing is known; not exact. */
  public static RenderForm chatMl() {
    return ChatMl.FORM;
  }

  /** The same form, known to be exact or not. */
  RenderForm withExact(boolean isExact) {
    return new RenderForm(joints, bodies, ends, keeps, calls, isExact);
  }

  /** The same form with other seams. */
  RenderForm withKeeps(Map<Shape.Place, Integer> others) {
    return new RenderForm(joints, bodies, ends, others, calls, exact);
  }

  /** The part of a prompt that belongs to a message behind such a place. */
  String text(MessageText message, boolean past, Shape.Place before) {
    Shape shape = Shape.of(message, past);
    StringBuilder out = new StringBuilder(message.content().length() + 64);
    String joint = nearest(joints.getOrDefault(before, Map.of()), shape);
    out.append(joint, Math.min(joint.length(), keep(before)), joint.length());
    body(message, nearest(bodies, shape), out);
    String next = behind(shape.place());
    return out.append(next, 0, Math.min(next.length(), keep(shape.place()))).toString();
  }

  /** What stands behind the last message of a prompt, and is not counted with it. */
  String end(Shape.Place last) {
    String end = ends.getOrDefault(last, "");
    return end.substring(Math.min(end.length(), keep(last)));
  }

  private int keep(Shape.Place place) {
    return keeps.getOrDefault(place, 0);
  }

  /** Any text that stands behind such a message: up to the seam they are all alike. */
  private String behind(Shape.Place place) {
    return joints.getOrDefault(place, Map.of()).values().stream()
        .findFirst()
        .orElse(ends.getOrDefault(place, ""));
  }

  /** What is known of the shape, else of the one that is most like it. */
  private static String nearest(Map<Shape, String> known, Shape shape) {
    String exactly = known.get(shape);
    if (exactly != null) {
      return exactly;
    }
    return known.keySet().stream()
        .filter(other -> other.role() == shape.role())
        .min(Comparator.comparingInt(shape::unlike).thenComparing(Shape::name))
        .map(known::get)
        .orElse("");
  }

  private void body(MessageText message, String pattern, StringBuilder out) {
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (!Slot.isMark(c)) {
        out.append(c);
        continue;
      }
      Slot slot = Slot.of(c);
      switch (slot.kind()) {
        case REASONING -> out.append(slot.strip(message.reasoning()));
        case CONTENT -> out.append(slot.strip(message.content()));
        case TOOL_NAME -> out.append(message.toolName());
        case CALLS -> out.append(callsText(message, calls));
      }
    }
  }

  /** All calls of a message, one behind the other. */
  static String callsText(MessageText message, @Nullable CallForm form) {
    StringBuilder out = new StringBuilder();
    if (form == null) {
      return "";
    }
    for (CallText call : message.calls()) {
      out.append(out.isEmpty() ? "" : form.between()).append(call.name()).append(form.assign());
      try {
        form.arguments().write(call.arguments().getBytes(StandardCharsets.UTF_8), out);
      } catch (JsonFault e) {
        out.append(call.arguments());
      }
    }
    return out.toString();
  }
}
