package dev.plimsoll.upstream;

import dev.plimsoll.config.Config;
import io.vertx.core.MultiMap;
import io.vertx.core.http.RequestOptions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which of a client's headers reach an OpenAI upstream: an allow-list, so that hop-by-hop
 * headers and whatever a {@code Connection} header nominates never do.
 */
final class ClientHeaders {
  private static final Set<String> ALLOWED =
      Set.of(
          "authorization",
          "accept",
          "user-agent",
          "session-id",
          "session_id",
          "thread-id",
          "openai-organization",
          "openai-project",
          "openai-beta",
          "traceparent",
          "tracestate");

  /**
   * Where a request came from is data about the client, and proxies in front may not be trusted.
   */
  private static final Set<String> REFUSED_PREFIXES =
      Set.of("x-plimsoll-", "x-forwarded-", "x-real-ip");

  private final Optional<String> apiKey;
  private final boolean keysAreOurs;

  /** The rule of one configuration; where clients send keys of Plimsoll's own, those stay here. */
  ClientHeaders(Config config) {
    this.apiKey = config.upstream().apiKey();
    this.keysAreOurs = !config.listen().apiKeys().isEmpty();
  }

  void copy(MultiMap from, RequestOptions to) {
    String nominated = String.join(",", from.getAll("connection")).toLowerCase(Locale.ROOT);
    Set<String> hop = new HashSet<>(Arrays.asList(nominated.split("[,\\s]+", -1)));
    for (Map.Entry<String, String> header : from) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (passes(name) && !hop.contains(name)) {
        to.addHeader(header.getKey(), header.getValue());
      }
    }
    apiKey.ifPresent(key -> to.putHeader("authorization", "Bearer " + key));
  }

  private boolean passes(String name) {
    if (keysAreOurs && name.equals("authorization")) {
      return false;
    }
    return ALLOWED.contains(name)
        || (name.startsWith("x-") && REFUSED_PREFIXES.stream().noneMatch(name::startsWith));
  }
}
