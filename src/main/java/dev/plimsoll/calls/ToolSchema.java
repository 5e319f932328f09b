package dev.plimsoll.calls;

import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.JsonMembers;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.json.Slice;
import dev.plimsoll.json.Span;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be read off a tool's schema at a glance: its parameters and their types. A schema that
 * says less, or says it in another way, makes everything possible.
 */
final class ToolSchema {
  /** Says nothing. */
  static final ToolSchema SILENT = new ToolSchema();

  private final Map<String, Set<JsonKind>> types = new HashMap<>();
  private boolean takesOthers;

  private ToolSchema() {}

  static ToolSchema of(Tool tool) {
    Slice schema = tool.schema();
    if (schema == null) {
      return SILENT;
    }
    ToolSchema read = new ToolSchema();
    try {
      read.read(schema.bytes(), new Span(schema.start(), schema.end()));
    } catch (JsonFault e) {
      throw new IllegalStateException("a body that was parsed before", e);
    }
    return read;
  }

  private void read(byte[] bytes, Span object) throws JsonFault {
    try (JsonCursor cursor = new JsonCursor(bytes, object)) {
      cursor.enterObject();
      while (cursor.nextMember()) {
        switch (cursor.name()) {
          case "properties" -> properties(cursor, bytes);
          case "additionalProperties" -> {
            takesOthers |= cursor.kind() == JsonKind.OBJECT || cursor.isTrue();
            cursor.skip();
          }
          case "patternProperties" -> {
            takesOthers = true;
            cursor.skip();
          }
          default -> cursor.skip();
        }
      }
    }
  }

  private void properties(JsonCursor cursor, byte[] bytes) throws JsonFault {
    if (cursor.kind() != JsonKind.OBJECT) {
      cursor.skip();
      return;
    }
    cursor.enterObject();
    while (cursor.nextMember()) {
      String name = cursor.name();
      Set<JsonKind> kinds = EnumSet.noneOf(JsonKind.class);
      addTypes(bytes, cursor.skip(), kinds);
      types.put(name, kinds);
    }
  }

  private static void addTypes(byte[] bytes, Span schema, Set<JsonKind> kinds) throws JsonFault {
    Span type = JsonMembers.value(bytes, schema, "type");
    if (type != null) {
      forEach(bytes, type, span -> addKind(bytes, span, kinds));
    }
    for (String choice : new String[] {"anyOf", "oneOf"}) {
      Span schemas = JsonMembers.value(bytes, schema, choice);
      if (schemas != null && bytes[schemas.start()] == '[') {
        forEach(bytes, schemas, span -> addTypes(bytes, span, kinds));
      }
    }
  }

  private interface SpanReader {
    void read(Span span) throws JsonFault;
  }

  /** Each element of a list, or the value itself. */
  private static void forEach(byte[] bytes, Span value, SpanReader reader) throws JsonFault {
    if (bytes[value.start()] != '[') {
      reader.read(value);
      return;
    }
    try (JsonCursor cursor = new JsonCursor(bytes, value)) {
      cursor.enterArray();
      while (cursor.nextElement()) {
        reader.read(cursor.skip());
        cursor.endElement();
      }
    }
  }

  private static void addKind(byte[] bytes, Span type, Set<JsonKind> kinds) {
    switch (new String(bytes, type.start(), type.length(), StandardCharsets.UTF_8)) {
      case "\"string\"" -> kinds.add(JsonKind.STRING);
      case "\"integer\"", "\"number\"" -> kinds.add(JsonKind.NUMBER);
      case "\"boolean\"" -> kinds.add(JsonKind.BOOLEAN);
      case "\"object\"" -> kinds.add(JsonKind.OBJECT);
      case "\"array\"" -> kinds.add(JsonKind.ARRAY);
      case "\"null\"" -> kinds.add(JsonKind.NULL);
      default -> {} // nothing that JSON has
    }
  }

  /**
   * Whether a key can be an argument's: one that the schema names, or may be left to name; no tool
   * leaves whole sentences to be its keys.
   */
  boolean mayHave(String name) {
    return types.isEmpty()
        || takesOthers
        || types.containsKey(name)
        || name.codePoints().noneMatch(Character::isWhitespace);
  }

  /** Values that were written as bare text, as one JSON object; each gets the type it should be. */
  String arguments(Map<String, String> values) {
    JsonOut out = new JsonOut(64);
    out.ascii('{');
    boolean first = true;
    for (Map.Entry<String, String> value : values.entrySet()) {
      if (!first) {
        out.ascii(',');
      }
      first = false;
      out.string(value.getKey()).ascii(':');
      write(out, value.getValue(), types.getOrDefault(value.getKey(), Set.of()));
    }
    return new String(out.ascii('}').toBytes(), StandardCharsets.UTF_8);
  }

  private static void write(JsonOut out, String text, Set<JsonKind> wanted) {
    String stripped = text.strip();
    // Models that think in Python write its words.
    String literal =
        switch (stripped) {
          case "True" -> "true";
          case "False" -> "false";
          case "None" -> "null";
          default -> stripped;
        };
    JsonKind kind = kindOf(literal);
    boolean structure = kind == JsonKind.OBJECT || kind == JsonKind.ARRAY;
    boolean asJson =
        kind != null
            && kind != JsonKind.STRING
            && (wanted.contains(kind) || (wanted.isEmpty() && structure));
    if (asJson) {
      out.raw(literal.getBytes(StandardCharsets.UTF_8));
    } else {
      out.string(text);
    }
  }

  /** What the text is as JSON; null when it is none. */
  private static @Nullable JsonKind kindOf(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (JsonCursor cursor = new JsonCursor(bytes)) {
      JsonKind kind = cursor.kind();
      cursor.skip();
      cursor.expectEnd();
      return kind;
    } catch (JsonFault e) {
      return null;
    }
  }
}
