package dev.plimsoll.compact;

import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.tokens.CallText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a call does, as far as the names of its arguments tell: reads a file, changes one, runs a
 * command, keeps a list of things to do.
 *
 * <p>Agents name their tools as they like, but a path is in {@code path}, {@code file_path} or
 * {@code filePath}, and a command in {@code command} or {@code cmd}. Arguments that are no JSON
 * object give a use without fields.
 *
 * @param tool the tool's name
 * @param fields the scalar values in the order of the arguments, those of inner objects too
 */
record ToolUse(String tool, List<Field> fields) {
  private static final Set<String> COMMAND = Set.of("command", "cmd", "commands", "script");
  private static final Set<String> OLD =
      Set.of("oldstring", "oldstr", "oldtext", "old", "search", "oldcontent");
  private static final Set<String> NEW =
      Set.of(
          "newstring",
          "newstr",
          "newtext",
          "new",
          "replace",
          "replacement",
          "newcontent",
          "content",
          "contents",
          "filecontent",
          "filetext",
          "patch",
          "patchtext",
          "diff",
          "code");
  private static final Set<String> STATUS = Set.of("status", "state");

  /** Values within an object that is nested deeper are not looked at. */
  private static final int DEEPEST = 4;

  /**
   * One scalar value.
   *
   * @param key the key, in lower case and without dashes and underscores
   * @param value its text
   */
  record Field(String key, String value) {}

  ToolUse {
    fields = List.copyOf(fields);
  }

  static ToolUse of(CallText call) {
    byte[] bytes = call.arguments().getBytes(StandardCharsets.UTF_8);
    List<Field> fields = new ArrayList<>();
    try (JsonCursor cursor = new JsonCursor(bytes)) {
      if (cursor.kind() == JsonKind.OBJECT) {
        object(cursor, fields, 0);
      }
    } catch (JsonFault e) {
      fields.clear();
    }
    return new ToolUse(call.name(), fields);
  }

  private static void object(JsonCursor cursor, List<Field> fields, int depth) throws JsonFault {
    cursor.enterObject();
    while (cursor.nextMember()) {
      value(cursor, plain(cursor.name()), fields, depth);
    }
  }

  private static String plain(String key) {
    return key.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  private static void value(JsonCursor cursor, String key, List<Field> fields, int depth)
      throws JsonFault {
    switch (cursor.kind()) {
      case STRING, NUMBER, BOOLEAN -> {
        fields.add(new Field(key, cursor.text()));
        cursor.skip();
      }
      case NULL -> cursor.skip();
      case OBJECT -> {
        if (depth < DEEPEST) {
          object(cursor, fields, depth + 1);
        } else {
          cursor.skip();
        }
      }
      case ARRAY -> {
        if (depth >= DEEPEST) {
          cursor.skip();
          return;
        }
        cursor.enterArray();
        while (cursor.nextElement()) {
          value(cursor, key, fields, depth + 1);
          cursor.endElement();
        }
      }
    }
  }

  /** The shell command, if it is one. */
  @Nullable String command() {
    return first(COMMAND);
  }

  /** The file that it is about, if any. */
  @Nullable String path() {
    for (Field field : fields) {
      String key = field.key();
      boolean path = key.endsWith("path") || key.endsWith("file") || key.endsWith("filename");
      if (path && !key.endsWith("profile") && !field.value().isBlank()) {
        return field.value();
      }
    }
    return null;
  }

  /** The texts that it takes out of a file. */
  List<String> oldTexts() {
    return all(OLD);
  }

  /** The texts that it puts into a file, whole files too. */
  List<String> newTexts() {
    return all(NEW);
  }

  /** Whether it changes a file. */
  boolean changes() {
    return path() != null && (!oldTexts().isEmpty() || !newTexts().isEmpty());
  }

  /** Whether it sets a list of things to do: entries with a state, and nothing else. */
  boolean listsTasks() {
    return command() == null && path() == null && !all(STATUS).isEmpty();
  }

  /** Whether the field of that key tells the state of an entry. */
  static boolean isStatus(String key) {
    return STATUS.contains(key);
  }

  private @Nullable String first(Set<String> keys) {
    for (Field field : fields) {
      if (keys.contains(field.key()) && !field.value().isBlank()) {
        return field.value();
      }
    }
    return null;
  }

  private List<String> all(Set<String> keys) {
    return fields.stream()
        .filter(field -> keys.contains(field.key()) && !field.value().isBlank())
        .map(Field::value)
        .toList();
  }
}
