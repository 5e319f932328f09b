package dev.plimsoll.json;

import java.nio.charset.StandardCharsets;

/**
 * A JSON string as it stands in some bytes, quotes included, decoded only when somebody asks.
 *
 * <p>Most text on its way from the model to the agent is never decoded: its bytes, escapes and all,
 * are copied from one JSON document into another.
 *
 * @param bytes the document; not copied, so it is valid only as long as its owner keeps it
 * @param start offset of the opening quote
 * @param end offset after the closing quote
 */
@SuppressWarnings("ArrayRecordComponent") // a view: equality is never asked
public record JsonString(byte[] bytes, int start, int end) {
  /** The string at a span that a cursor told. */
  public static JsonString at(byte[] bytes, Span span) {
    return new JsonString(bytes, span.start(), span.end());
  }

  /** A string made of Java text. */
  public static JsonString of(String text) {
    JsonOut out = new JsonOut(text.length() + 2);
    byte[] bytes = out.string(text).toBytes();
    return new JsonString(bytes, 0, bytes.length);
  }

  /** Whether it is {@code ""}. */
  public boolean isEmpty() {
    return end - start <= 2;
  }

  /** The text it stands for. */
  public String text() {
    for (int i = start + 1; i < end - 1; i++) {
      if (bytes[i] == '\\') {
        return decoded();
      }
    }
    return new String(bytes, start + 1, end - start - 2, StandardCharsets.UTF_8);
  }

  /** Appends it as it stands. */
  public void writeTo(JsonOut out) {
    out.raw(bytes, start, end);
  }

  /** Appends what is between the quotes as it stands. */
  public void writeInside(JsonOut out) {
    out.raw(bytes, start + 1, end - 1);
  }

  private String decoded() {
    try (JsonCursor cursor = new JsonCursor(bytes, new Span(start, end))) {
      return cursor.text();
    } catch (JsonFault e) {
      throw new IllegalStateException("a string that was parsed before", e);
    }
  }
}
