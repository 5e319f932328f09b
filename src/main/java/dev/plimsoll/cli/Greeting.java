package dev.plimsoll.cli;

import dev.plimsoll.config.Config;
import dev.plimsoll.guard.PrivateAddress;
import java.io.Console;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a user sees when the program is ready: one line in the log, and what to paste next. */
final class Greeting {
  private static final Logger LOG = LoggerFactory.getLogger("dev.plimsoll");

  private Greeting() {}

  static void say(Config config, int agentPort, int adminPort) {
    String agents = "http://" + shown(config.listen().host()) + ":" + agentPort;
    LOG.atInfo()
        .addKeyValue("agents", agents + "/v1")
        .addKeyValue("admin", "http://" + shown(config.admin().host()) + ":" + adminPort)
        .addKeyValue("upstream", config.upstream().url())
        .log("listening");
    warn(config);
    if (Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()) {
      System.out.println(banner(agents));
    }
  }

  /** Says what a port that others can reach means as long as it has no key. */
  private static void warn(Config config) {
    if (!PrivateAddress.isLoopback(config.listen().host()) && config.listen().apiKeys().isEmpty()) {
      LOG.warn("whoever reaches the agents' port may use it: listen.api-keys is empty");
    }
    if (!PrivateAddress.isLoopback(config.admin().host()) && config.admin().token().isEmpty()) {
      LOG.warn("the operators' port serves only /metrics and /health: admin.token is not set");
    }
  }

  /** An address that listens everywhere is reached by the loopback one. */
  private static String shown(String host) {
    return switch (host) {
      case "0.0.0.0", "::" -> "127.0.0.1";
      default -> host.contains(":") ? "[" + host + "]" : host;
    };
  }

  static String banner(String agents) {
    return """

    Plimsoll is ready. Point your agent at it, with any key:

        base URL   %1$s/v1

    OpenCode, in opencode.json:
        "provider": {"local": {"npm": "@ai-sdk/openai-compatible",
          "options": {"baseURL": "%1$s/v1", "apiKey": "any"}, "models": {"YOUR-MODEL": {}}}}
    """
        .formatted(agents);
  }
}
