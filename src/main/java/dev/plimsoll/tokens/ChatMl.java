package dev.plimsoll.tokens;

import dev.plimsoll.chat.Role;
import dev.plimsoll.tokens.RenderForm.CallForm;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The form that most templates resemble, in place of one that is not known. */
final class ChatMl {
  private static final String CLOSE = "<|im_end|>\n";

  static final RenderForm FORM = form();

  private ChatMl() {}

  private static RenderForm form() {
    Slot content = Slot.of(Slot.Kind.CONTENT);
    Slot reasoning = Slot.of(Slot.Kind.REASONING);
    Slot calls = Slot.of(Slot.Kind.CALLS);
    Map<Shape, String> bodies = new LinkedHashMap<>();
    Map<Shape, String> opens = new LinkedHashMap<>();
    bodies.put(Shape.USER, content.mark() + CLOSE);
    opens.put(Shape.USER, "<|im_start|>user\n");
    bodies.put(Shape.TOOL, content.mark() + "\n</tool_response>" + CLOSE);
    opens.put(Shape.TOOL, "<|im_start|>user\n<tool_response>\n");
    for (boolean thinks : new boolean[] {false, true}) {
      for (boolean callsTools : new boolean[] {false, true}) {
        Shape shape = new Shape(Role.ASSISTANT, thinks, true, callsTools, false);
        String thought = thinks ? "<think>\n" + reasoning.mark() + "\n</think>\n\n" : "";
        String called =
            callsTools ? "\n<tool_call>\n{\"name\": \"" + calls.mark() + "}\n</tool_call>" : "";
        bodies.put(shape, thought + content.mark() + called + CLOSE);
        opens.put(shape, "<|im_start|>assistant\n");
      }
    }
    Map<Shape.Place, Map<Shape, String>> joints = new EnumMap<>(Shape.Place.class);
    Map<Shape.Place, String> ends = new EnumMap<>(Shape.Place.class);
    for (Shape.Place place : Shape.Place.values()) {
      joints.put(place, opens);
      ends.put(place, "<|im_start|>assistant\n");
    }
    JsonStyle style = new JsonStyle(true, false, false, false, false);
    CallForm call =
        new CallForm(
            "\", \"arguments\": ",
            "}\n</tool_call>\n<tool_call>\n{\"name\": \"",
            new ArgumentForm.Json(style));
    return new RenderForm(joints, bodies, ends, Map.of(), call, false);
  }
}
