package dev.plimsoll.guard;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.config.Admin;
import dev.plimsoll.metrics.RejectReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides by its key whether a request may have a path. */
@FunctionalInterface
interface Access {
  /** Null when it may, else why not. */
  @Nullable Refusal check(String path, @Nullable String authorization);

  /** Agents need one of the keys, if there are any, but for what only tells that we live. */
  static Access forAgents(List<String> keys) {
    BearerKeys known = new BearerKeys(keys);
    Refusal refusal =
        unauthorized(
            "This Plimsoll asks for an API key (listen.api-keys), and none of its keys came with"
                + " the request: send one as \"Authorization: Bearer KEY\".");
    return (path, authorization) ->
        known.isEmpty() || path.equals("/") || path.equals("/health") || known.holds(authorization)
            ? null
            : refusal;
  }

  /**
   * Operators need the token, if there is one, for all but the empty dashboard and what monitoring
   * reads. Without one a port that others can reach is closed but for what monitoring reads.
   */
  static Access forOperators(Admin admin) {
    if (admin.token().isEmpty() && !PrivateAddress.isLoopback(admin.host())) {
      Refusal closed =
          new Refusal(
              RejectReason.AUTH,
              ApiError.of(
                      ErrorCode.INVALID_API_KEY,
                      "The operators' port can be reached from other machines and has no key: set"
                          + " admin.token, or admin.host to 127.0.0.1. Until then it serves only"
                          + " /metrics and /health.")
                  .withStatus(403));
      return (path, _) -> isMonitoring(path) ? null : closed;
    }
    BearerKeys known = new BearerKeys(admin.token().stream().toList());
    Refusal refusal =
        unauthorized(
            "The operators' API asks for its key (admin.token): send it as \"Authorization: Bearer"
                + " KEY\".");
    return (path, authorization) ->
        known.isEmpty() || path.equals("/") || isMonitoring(path) || known.holds(authorization)
            ? null
            : refusal;
  }

  private static boolean isMonitoring(String path) {
    return path.equals("/metrics") || path.equals("/health") || path.startsWith("/health/");
  }

  private static Refusal unauthorized(String message) {
    return Refusal.of(RejectReason.AUTH, ErrorCode.INVALID_API_KEY, message);
  }
}
