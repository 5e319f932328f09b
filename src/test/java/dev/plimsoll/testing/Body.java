package dev.plimsoll.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;

/** Bytes that nobody can change any more. */
public final class Body {
  public static final Body EMPTY = new Body(new byte[0]);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final byte[] bytes;

  private Body(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Body of(byte[] bytes) {
    return new Body(bytes.clone());
  }

  public static Body of(String text) {
    return new Body(text.getBytes(UTF_8));
  }

  public int length() {
    return bytes.length;
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public String text() {
    return new String(bytes, UTF_8);
  }

  /** The body as JSON; an {@link IllegalStateException} with the text when it is none. */
  public JsonNode json() {
    try {
      return JSON.readTree(text());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + text(), e);
    }
  }

  /** The part from one byte to another, without a copy of the rest. */
  Body slice(int from, int to) {
    return from == 0 && to == bytes.length ? this : new Body(Arrays.copyOfRange(bytes, from, to));
  }

  /** The bytes themselves, for writers in this package that do not change them. */
  byte[] shared() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Body body && Arrays.equals(bytes, body.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return text();
  }
}
