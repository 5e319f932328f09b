package dev.plimsoll.tokens;

import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.Span;
import dev.plimsoll.tokens.JsonText.Member;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How a template writes the arguments of a call. */
public sealed interface ArgumentForm {
  /** Appends the arguments, given as the JSON text of an object. */
  void write(byte[] object, StringBuilder out) throws JsonFault;

  /** As one JSON object. */
  record Json(JsonStyle style) implements ArgumentForm {
    @Override
    public void write(byte[] object, StringBuilder out) throws JsonFault {
      new JsonText(object, style, out).write(new Span(0, object.length));
    }
  }

  /**
   * As a list of names and values, with texts around them.
   *
   * @param open before the first name
   * @param assign between a name and its value
   * @param between after a value that another follows
   * @param close after the last value
   * @param values how a value is written
   */
  record Pairs(String open, String assign, String between, String close, ValueStyle values)
      implements ArgumentForm {
    @Override
    public void write(byte[] object, StringBuilder out) throws JsonFault {
      List<Member> members = JsonText.members(object, new Span(0, object.length), values.sorted());
      for (int i = 0; i < members.size(); i++) {
        out.append(i == 0 ? open : between).append(members.get(i).name()).append(assign);
        values.write(object, members.get(i).value(), out);
      }
      out.append(members.isEmpty() ? "" : close);
    }
  }

  /**
   * How a single value is written.
   *
   * @param sorted whether the names are sorted
   * @param quoted whether strings are JSON, quotes and all, or stand as they are
   * @param nested how arrays and objects are written
   * @param printed whether numbers are printed as by Go's {@code %v}
   * @param python whether it says {@code True}, {@code False}, {@code None}
   */
  record ValueStyle(
      boolean sorted, boolean quoted, JsonStyle nested, boolean printed, boolean python) {
    void write(byte[] bytes, Span value, StringBuilder out) throws JsonFault {
      JsonText json = new JsonText(bytes, nested, out);
      JsonKind kind;
      try (JsonCursor cursor = new JsonCursor(bytes, value)) {
        kind = cursor.kind();
        if (kind == JsonKind.STRING && !quoted) {
          out.append(cursor.text());
          return;
        }
      }
      String raw = new String(bytes, value.start(), value.length(), StandardCharsets.UTF_8);
      if (kind == JsonKind.NUMBER && printed) {
        out.append(Numbers.printed(raw));
      } else if (python && (kind == JsonKind.BOOLEAN || kind == JsonKind.NULL)) {
        out.append(
            switch (raw) {
              case "true" -> "True";
              case "false" -> "False";
              default -> "None";
            });
      } else {
        json.write(value);
      }
    }
  }
}
