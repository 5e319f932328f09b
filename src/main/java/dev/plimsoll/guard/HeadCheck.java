package dev.plimsoll.guard;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.metrics.RejectReason;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Judges the head of a request: its framing first, then where it goes, who sends it, and what it
 * carries. Knows no server, so that it can be tested by tables.
 *
 * <p>The parser in front of it (Netty) has already refused what is no HTTP at all; what it lets
 * through although two programs could understand it differently is refused here.
 */
final class HeadCheck {
  private static final int MAX_LINES = 100;

  private HeadCheck() {}

  /**
   * Judges a request.
   *
   * @param method its method, such as {@code POST}
   * @param target its target as it came
   * @param lines its header lines
   * @param rules who may ask this port
   * @return null when it may pass
   */
  static @Nullable Refusal check(String method, String target, HeadLines lines, Rules rules) {
    Refusal found = framing(method, lines);
    found = found != null ? found : destination(method, target, lines, rules);
    found = found != null ? found : sender(method, target, lines, rules);
    return found != null ? found : content(method, lines);
  }

  private static @Nullable Refusal framing(String method, HeadLines lines) {
    if (lines.count > MAX_LINES) {
      return Refusal.framing(
          RejectReason.HEADERS, 431, "The request has more than " + MAX_LINES + " header lines.");
    }
    if (lines.nameless) {
      return Refusal.framing(RejectReason.HEADERS, 400, "A header line has no name.");
    }
    if (lines.twice != null) {
      return Refusal.framing(
          lines.twice.equals("Host") ? RejectReason.HOST : RejectReason.HEADERS,
          400,
          "The header " + lines.twice + " stands there twice; send it once.");
    }
    if (lines.transferEncoding != null && !lines.transferEncoding.equalsIgnoreCase("chunked")) {
      return Refusal.framing(
          RejectReason.BAD_FRAMING, 501, "The only Transfer-Encoding known here is chunked.");
    }
    if (lines.upgrade != null && !lines.upgrade.equalsIgnoreCase("h2c")) {
      // An offer of h2c is what Java's client sends by itself; it is answered in HTTP/1.1.
      return Refusal.framing(
          RejectReason.HEADERS, 400, "This connection cannot be upgraded: ask in HTTP/1.1.");
    }
    if (lines.expect != null && !lines.expect.equalsIgnoreCase("100-continue")) {
      return Refusal.framing(
          RejectReason.HEADERS, 417, "The only Expect known here is 100-continue.");
    }
    boolean bodiless = method.equals("GET") || method.equals("HEAD");
    return bodiless && lines.hasBody()
        ? Refusal.framing(RejectReason.BAD_FRAMING, 400, "A " + method + " takes no body here.")
        : null;
  }

  private static @Nullable Refusal destination(
      String method, String target, HeadLines lines, Rules rules) {
    if (method.equals("CONNECT") || method.equals("TRACE")) {
      return Refusal.of(
          RejectReason.METHOD,
          ErrorCode.METHOD_NOT_ALLOWED,
          "Plimsoll does not know this method: it is no forward proxy.");
    }
    String flaw = Target.flaw(target);
    if (flaw != null) {
      return new Refusal(RejectReason.PATH, ApiError.invalid("path", flaw));
    }
    if (lines.host == null) {
      return host(400, "The request has no Host header.");
    }
    return switch (rules.hosts().judge(lines.host)) {
      case OURS -> null;
      case INVALID -> host(400, "The Host header is no host name or address.");
      case FOREIGN ->
          host(
              403,
              "The Host header names a host that is not known here: ask by localhost or a private"
                  + " address, or list the name in "
                  + rules.allowedHostsKey()
                  + ".");
    };
  }

  private static Refusal host(int status, String message) {
    return new Refusal(
        RejectReason.HOST, ApiError.of(ErrorCode.HOST_NOT_ALLOWED, message).withStatus(status));
  }

  /** Whether a browser asks, without any key, if it may ask at all. */
  static boolean isPreflight(String method, HeadLines lines) {
    return method.equals("OPTIONS") && lines.origin != null && lines.wantedMethod != null;
  }

  private static @Nullable Refusal sender(
      String method, String target, HeadLines lines, Rules rules) {
    if (lines.origin != null
        && !rules.origins().lists(lines.origin)
        && !OriginRule.isSame(lines.origin, String.valueOf(lines.host))) {
      return Refusal.of(
          RejectReason.ORIGIN, ErrorCode.ORIGIN_NOT_ALLOWED, rules.foreignOriginMessage());
    }
    return isPreflight(method, lines)
        ? null
        : rules.access().check(path(target), lines.authorization);
  }

  private static String path(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private static @Nullable Refusal content(String method, HeadLines lines) {
    if (lines.contentEncoding != null && !lines.contentEncoding.equalsIgnoreCase("identity")) {
      return media("Content-Encoding is not supported: send the body as it is.");
    }
    return method.equals("POST") && !isJson(lines.contentType)
        ? media("The Content-Type of a POST must be application/json, in UTF-8.")
        : null;
  }

  private static Refusal media(String message) {
    return Refusal.of(RejectReason.CONTENT_TYPE, ErrorCode.UNSUPPORTED_MEDIA_TYPE, message);
  }

  private static boolean isJson(@Nullable String type) {
    if (type == null || type.equals("application/json")) {
      return type != null;
    }
    String[] parts = type.toLowerCase(Locale.ROOT).split(";", -1);
    if (!parts[0].strip().equals("application/json")) {
      return false;
    }
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i].strip().replace("\"", "");
      if (part.startsWith("charset=") && !part.equals("charset=utf-8")) {
        return false;
      }
    }
    return true;
  }
}
