package dev.plimsoll.tokens;

import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a JSON value anew, in the style of another program. */
final class JsonText {
  private static final String HEX = "0123456789abcdef";

  /** A member of an object. */
  record Member(String name, Span value) {}

  private final byte[] bytes;
  private final JsonStyle style;
  private final StringBuilder out;

  JsonText(byte[] bytes, JsonStyle style, StringBuilder out) {
    this.bytes = bytes;
    this.style = style;
    this.out = out;
  }

  /** The members of an object; of those with one name the last counts, in the first's place. */
  static List<Member> members(byte[] bytes, Span object, boolean sorted) throws JsonFault {
    Map<String, Span> found = new LinkedHashMap<>();
    try (JsonCursor cursor = new JsonCursor(bytes, object)) {
      cursor.enterObject();
      while (cursor.nextMember()) {
        String name = cursor.name();
        found.put(name, cursor.skip());
      }
    }
    List<Member> members = new ArrayList<>();
    found.forEach((name, value) -> members.add(new Member(name, value)));
    if (sorted) {
      members.sort(Comparator.comparing(Member::name));
    }
    return members;
  }

  /** Appends the value at a span. */
  void write(Span value) throws JsonFault {
    write(value, style.sorted());
  }

  private void write(Span value, boolean sorted) throws JsonFault {
    JsonKind kind;
    try (JsonCursor cursor = new JsonCursor(bytes, value)) {
      kind = cursor.kind();
      switch (kind) {
        case STRING -> string(cursor.text());
        case NUMBER -> out.append(Numbers.json(raw(value), style.floats()));
        case BOOLEAN, NULL -> out.append(raw(value));
        case ARRAY -> array(cursor);
        case OBJECT -> object(value, sorted);
      }
    }
  }

  private String raw(Span value) {
    return new String(bytes, value.start(), value.length(), StandardCharsets.US_ASCII);
  }

  private void object(Span value, boolean sorted) throws JsonFault {
    out.append('{');
    boolean first = true;
    for (Member member : members(bytes, value, sorted)) {
      comma(first);
      first = false;
      string(member.name());
      out.append(style.spaced() ? ": " : ":");
      write(member.value(), style.sortedWithin());
    }
    out.append('}');
  }

  private void array(JsonCursor cursor) throws JsonFault {
    out.append('[');
    boolean first = true;
    cursor.enterArray();
    while (cursor.nextElement()) {
      comma(first);
      first = false;
      write(cursor.skip(), style.sortedWithin());
      cursor.endElement();
    }
    out.append(']');
  }

  private void comma(boolean first) {
    if (!first) {
      out.append(style.spaced() ? ", " : ",");
    }
  }

  void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '<', '>', '&', '\u2028', '\u2029' -> htmlSensitive(c);
        default -> {
          if (c < 0x20) {
            escape(c);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /** Go escapes these so that JSON can stand inside of HTML. */
  private void htmlSensitive(char c) {
    if (style.escapesHtml()) {
      escape(c);
    } else {
      out.append(c);
    }
  }

  private void escape(char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(HEX.charAt((c >> shift) & 15));
    }
  }
}
