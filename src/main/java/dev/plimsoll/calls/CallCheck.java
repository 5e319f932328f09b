package dev.plimsoll.calls;

import dev.plimsoll.chat.ToolCall;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks that calls are ones that their tools take: arguments that are a whole JSON object, a
 * declared name, no key that cannot be one, and what the tool's schema demands.
 */
public final class CallCheck {
  private final Toolbox tools;
  private final ArgumentRule rule;

  /** Checks calls of these tools. */
  public CallCheck(Toolbox tools, ArgumentRule rule) {
    this.tools = tools;
    this.rule = rule;
  }

  /** Looks at all calls of an answer; the first that is wrong decides. */
  public Checked check(List<ToolCall> calls) {
    Set<Repair> repairs = EnumSet.noneOf(Repair.class);
    List<ToolCall> sound = new ArrayList<>(calls.size());
    for (ToolCall call : calls) {
      if (call.name().isBlank()) {
        return new Checked.Flawed(Flaw.of(Defect.NO_NAME));
      }
      Tool tool = tools.meant(call.name()).orElse(null);
      Flaw flaw = tool == null ? unknown(call) : flaw(tool, call.arguments());
      if (flaw != null) {
        return new Checked.Flawed(flaw);
      }
      if (tool == null || tool.name().equals(call.name())) {
        sound.add(call);
      } else {
        repairs.add(Repair.NAME);
        sound.add(new ToolCall(call.id(), tool.name(), call.arguments()));
      }
    }
    return new Checked.Sound(sound, repairs);
  }

  /** The call that a model server's error holds, if it is whole; nobody has looked at it yet. */
  public Optional<WrittenCall> callIn(String error) {
    return RawCall.in(error, tools);
  }

  /** Without a closed box of tools any name may be right. */
  private @Nullable Flaw unknown(ToolCall call) {
    if (tools.isEmpty() || tools.isOpen()) {
      return keys(call.arguments()) instanceof Keys.Bad(var flaw) ? flaw : null;
    }
    String known = String.join(", ", tools.names());
    return new Flaw(
        Defect.UNKNOWN_TOOL, "There is no tool " + call.name() + ". The tools are: " + known + ".");
  }

  private @Nullable Flaw flaw(Tool tool, String arguments) {
    return switch (keys(arguments)) {
      case Keys.Bad(var flaw) -> flaw;
      case Keys.Are(var names) -> {
        ToolSchema schema = ToolSchema.of(tool);
        for (String name : names) {
          if (!schema.mayHave(name)) {
            yield new Flaw(
                Defect.UNKNOWN_ARGUMENT, tool.name() + " takes no argument \"" + name + "\".");
          }
        }
        yield rule.flaw(tool, arguments);
      }
    };
  }

  /** The keys of an object, or why there are none. */
  private sealed interface Keys {
    record Are(List<String> names) implements Keys {}

    record Bad(Flaw flaw) implements Keys {}
  }

  private static Keys keys(String arguments) {
    List<String> names = new ArrayList<>();
    try (JsonCursor cursor = new JsonCursor(arguments.getBytes(StandardCharsets.UTF_8))) {
      if (cursor.kind() != JsonKind.OBJECT) {
        return new Keys.Bad(new Flaw(Defect.NOT_JSON, "The arguments must be one JSON object."));
      }
      cursor.enterObject();
      while (cursor.nextMember()) {
        names.add(cursor.name());
        cursor.skip();
      }
      cursor.expectEnd();
      return new Keys.Are(names);
    } catch (JsonFault e) {
      return new Keys.Bad(new Flaw(Defect.NOT_JSON, "The arguments were: " + e.getMessage() + "."));
    }
  }
}
