package dev.plimsoll.guard;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The header lines that decide about a request, gathered in one pass over all of them.
 *
 * <p>One object serves all requests of an event loop, one after the other. A line of which there
 * may be only one and which comes again sets {@link #twice}: servers disagree about which counts.
 */
final class HeadLines implements BiConsumer<String, String> {
  int count;
  boolean nameless;
  @Nullable String twice;
  @Nullable String host;
  @Nullable String origin;
  @Nullable String expect;
  @Nullable String upgrade;
  @Nullable String authorization;
  @Nullable String contentType;
  @Nullable String contentLength;
  @Nullable String contentEncoding;
  @Nullable String transferEncoding;
  @Nullable String wantedMethod;

  /** Forgets the last request. */
  HeadLines clear() {
    count = 0;
    nameless = false;
    twice = null;
    host = null;
    origin = null;
    expect = null;
    upgrade = null;
    authorization = null;
    contentType = null;
    contentLength = null;
    contentEncoding = null;
    transferEncoding = null;
    wantedMethod = null;
    return this;
  }

  /** Takes the next line. Names are told apart by their length first: most are none of these. */
  @Override
  public void accept(String name, String value) {
    count++;
    switch (name.length()) {
      case 0 -> nameless = true;
      case 4 -> host = is(name, "host") ? once("Host", host, value) : host;
      case 6 -> {
        origin = is(name, "origin") ? once("Origin", origin, value) : origin;
        expect = is(name, "expect") ? once("Expect", expect, value) : expect;
      }
      case 7 -> upgrade = is(name, "upgrade") ? once("Upgrade", upgrade, value) : upgrade;
      case 12 ->
          contentType =
              is(name, "content-type") ? once("Content-Type", contentType, value) : contentType;
      case 13 ->
          authorization =
              is(name, "authorization")
                  ? once("Authorization", authorization, value)
                  : authorization;
      case 14 ->
          contentLength =
              is(name, "content-length")
                  ? once("Content-Length", contentLength, value)
                  : contentLength;
      case 16 ->
          contentEncoding =
              is(name, "content-encoding")
                  ? once("Content-Encoding", contentEncoding, value)
                  : contentEncoding;
      case 17 ->
          transferEncoding =
              is(name, "transfer-encoding")
                  ? once("Transfer-Encoding", transferEncoding, value)
                  : transferEncoding;
      case 29 -> wantedMethod = is(name, "access-control-request-method") ? value : wantedMethod;
      default -> {
        // no other line decides anything
      }
    }
  }

  private static boolean is(String name, String wanted) {
    return name.equalsIgnoreCase(wanted);
  }

  private String once(String name, @Nullable String before, String value) {
    if (before != null) {
      twice = name;
    }
    return value;
  }

  /** Whether a body follows. */
  boolean hasBody() {
    return transferEncoding != null || (contentLength != null && !contentLength.equals("0"));
  }
}
