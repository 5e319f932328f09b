package dev.plimsoll.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.plimsoll.metrics.RejectReason;

/**
 * One request that must be refused, byte for byte, and how.
 *
 * @param name what is wrong with it
 * @param status the status of the answer
 * @param reason what it counts as
 * @param text the request, each character one byte
 */
record Vector(String name, int status, RejectReason reason, String text) {
  static final String POST = "POST /v1/chat/completions HTTP/1.1\r\n";
  static final String HOST = "Host: localhost\r\n";
  static final String JSON = "Content-Type: application/json\r\n";

  /** A POST in order but for these lines, which replace the length and come last. */
  static Vector lines(String name, int status, RejectReason reason, String lines, String body) {
    return new Vector(name, status, reason, POST + HOST + JSON + lines + "\r\n" + body);
  }

  /** A GET of this target. */
  static Vector target(String target, RejectReason reason) {
    String text = "GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n";
    return new Vector("target " + target, 400, reason, text);
  }

  /** A GET in order but for these lines. */
  static Vector get(String name, int status, RejectReason reason, String lines) {
    return new Vector(name, status, reason, "GET / HTTP/1.1\r\n" + HOST + lines + "\r\n");
  }

  byte[] bytes() {
    return text.getBytes(ISO_8859_1);
  }

  @Override
  public String toString() {
    return name;
  }
}
