package dev.plimsoll.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds values that are right alone and wrong together. */
final class Contradictions {
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]", "::1");
  private static final Set<String> EVERY = Set.of("0.0.0.0", "::");

  private Contradictions() {}

  static List<ConfigProblem> in(Config config, Settings settings) {
    List<ConfigProblem> found = new ArrayList<>();
    twoPorts(config, settings).ifPresent(found::add);
    ownUpstream(config, settings).ifPresent(found::add);
    return found;
  }

  private static Optional<ConfigProblem> twoPorts(Config config, Settings settings) {
    int port = config.listen().port();
    if (port == 0 || port != config.admin().port()) {
      return Optional.empty();
    }
    Key<?> key = settings.source(Listen.PORT).isPresent() ? Listen.PORT : Admin.PORT;
    String other = key.equals(Listen.PORT) ? Admin.PORT.path() : Listen.PORT.path();
    return Optional.of(
        new ConfigProblem(
            settings.source(key).orElse("default"),
            key.path(),
            port + " is also the value of " + other,
            "accepted: two different ports"));
  }

  /** A proxy that asks itself would answer never, and fill every queue on the way. */
  private static Optional<ConfigProblem> ownUpstream(Config config, Settings settings) {
    String host = config.upstream().url().getHost();
    int port = config.upstream().url().getPort();
    String bound = config.listen().host();
    boolean here =
        host.equals(bound)
            || (LOOPBACK.contains(host) && (isLocal(bound) || EVERY.contains(bound)));
    if (!here || port != config.listen().port()) {
      return Optional.empty();
    }
    Key<?> key = settings.source(Upstream.URL).isPresent() ? Upstream.URL : Listen.PORT;
    return Optional.of(
        new ConfigProblem(
            settings.source(key).orElse("default"),
            key.path(),
            "Plimsoll would be its own upstream at port " + port,
            "accepted: the address of the model server in upstream.url (Ollama's is "
                + Upstream.DEFAULT.url()
                + ")"));
  }

  private static boolean isLocal(String bound) {
    return LOOPBACK.contains(bound);
  }
}
