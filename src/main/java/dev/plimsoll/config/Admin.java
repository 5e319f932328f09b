package dev.plimsoll.config;

import java.util.List;
import java.util.Optional;

/** Where operators connect: metrics, health, sessions. */
public record Admin(String host, int port, Optional<String> token, List<String> allowedHosts) {
  static final Key<String> HOST = Key.atStart("admin.host", Text.HOST, c -> c.admin().host());
  static final Key<Integer> PORT =
      Key.atStart("admin.port", Listen.PORT_NUMBER, c -> c.admin().port());
  static final Key<Optional<String>> TOKEN =
      Key.of("admin.token", new OrNull<>(Text.BEARER), c -> c.admin().token());
  static final Key<List<String>> ALLOWED_HOSTS =
      Key.of("admin.allowed-hosts", new ListOf<>(Text.HOST_NAME), c -> c.admin().allowedHosts());
  static final List<Key<?>> KEYS = List.of(HOST, PORT, TOKEN, ALLOWED_HOSTS);

  public static final Admin DEFAULT = new Admin("127.0.0.1", 11436, Optional.empty(), List.of());

  public Admin {
    HOST.require(host);
    PORT.require(port);
    TOKEN.require(token);
    ALLOWED_HOSTS.require(allowedHosts);
    allowedHosts = List.copyOf(allowedHosts);
  }

  static Admin from(Settings settings) {
    return new Admin(
        settings.get(HOST), settings.get(PORT), settings.get(TOKEN), settings.get(ALLOWED_HOSTS));
  }

  /** Without the token: a configuration may be logged. */
  @Override
  public String toString() {
    return "Admin[host=" + host + ", port=" + port + ", token=" + token.map(key -> "***") + "]";
  }
}
