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

  /** The text of its first bytes, {@code most} of them or a few less; never half a character. */
  public String opening(int most) {
    if (end - start - 2 <= most) {
      return text();
    }
    int limit = start + 1 + most;
    int cut = start + 1;
    for (int next = after(cut); next <= limit; next = after(cut)) {
      cut = next;
    }
    byte[] literal = new byte[cut - start + 1];
    System.arraycopy(bytes, start, literal, 0, cut - start);
    literal[cut - start] = '"';
    return new JsonString(literal, 0, literal.length).text();
  }

  /** Where the character that begins at {@code at} ends, an escape counting as one. */
  private int after(int at) {
    byte lead = bytes[at];
    if (lead == '\\') {
      return at + (bytes[at + 1] == 'u' ? 6 : 2);
    }
    if (lead >= 0) {
      return at + 1;
    }
    return at + ((lead & 0xE0) == 0xC0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : 4);
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
