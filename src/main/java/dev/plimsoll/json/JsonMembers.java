package dev.plimsoll.json;

import org.jspecify.annotations.Nullable;

/** Finds one member of an object in bytes that are known to be JSON. */
public final class JsonMembers {
  private JsonMembers() {}

  /** Where the member's value stands; null when the value at {@code object} has no such member. */
  public static @Nullable Span value(byte[] bytes, Span object, String name) throws JsonFault {
    try (JsonCursor cursor = new JsonCursor(bytes, object)) {
      if (cursor.kind() != JsonKind.OBJECT) {
        return null;
      }
      cursor.enterObject();
      while (cursor.nextMember()) {
        boolean wanted = cursor.name().equals(name);
        Span span = cursor.skip();
        if (wanted) {
          return span;
        }
      }
      return null;
    }
  }

  /** The member's value when it is a string, else null. */
  public static @Nullable JsonString string(byte[] bytes, Span object, String name)
      throws JsonFault {
    Span span = value(bytes, object, name);
    return span != null && bytes[span.start()] == '"' ? JsonString.at(bytes, span) : null;
  }
}
