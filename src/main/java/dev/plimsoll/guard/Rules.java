package dev.plimsoll.guard;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.Listen;
import dev.plimsoll.config.MemoryLimit;
import java.time.Duration;
import java.util.List;

/**
 * What one port asks of its callers, as one configuration says. For one event loop only.
 *
 * @param hosts the names of the port
 * @param allowedHostsKey the configuration key that adds to them
 * @param origins the web pages that may ask
 * @param foreignOriginMessage what others are told
 * @param access the keys
 * @param limits sizes and times
 */
record Rules(
    HostRule hosts,
    String allowedHostsKey,
    OriginRule origins,
    String foreignOriginMessage,
    Access access,
    Limits limits) {
  /** Nobody but a handful of operators and monitors connects there. */
  private static final int OPERATORS = 256;

  /**
   * Sizes and times.
   *
   * @param connections how many may be open
   * @param idle how long one may stay without a request
   * @param header how long a head may take from its first byte
   * @param maxBody the longest body, in bytes
   * @param buffered the memory for all bodies together
   * @param body how long a body may stall
   */
  record Limits(
      int connections,
      Duration idle,
      Duration header,
      long maxBody,
      MemoryLimit buffered,
      Duration body) {
    static Limits of(Listen listen, int connections) {
      return new Limits(
          connections,
          listen.idleTimeout(),
          listen.headerTimeout(),
          listen.maxBody(),
          listen.maxBuffered(),
          listen.bodyTimeout());
    }
  }

  /** The rules of the agents' port. */
  static Rules forAgents(Config config) {
    Listen listen = config.listen();
    return new Rules(
        new HostRule(listen.host(), listen.allowedHosts()),
        "listen.allowed-hosts",
        new OriginRule(listen.allowedOrigins()),
        "Web pages of this origin may not ask here: list it in listen.allowed-origins if they"
            + " should.",
        Access.forAgents(listen.apiKeys()),
        Limits.of(listen, listen.maxConnections()));
  }

  /** The rules of the operators' port, which no page of another origin may ask. */
  static Rules forOperators(Config config) {
    return new Rules(
        new HostRule(config.admin().host(), config.admin().allowedHosts()),
        "admin.allowed-hosts",
        new OriginRule(List.of()),
        "Web pages of other origins may not ask the operators' port.",
        Access.forOperators(config.admin()),
        Limits.of(config.listen(), OPERATORS));
  }
}
