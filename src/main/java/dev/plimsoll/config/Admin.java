package dev.plimsoll.config;

import java.util.List;

/** Where operators connect: metrics, health, sessions. */
public record Admin(String host, int port) {
  static final Key<String> HOST = Key.atStart("admin.host", Text.HOST, c -> c.admin().host());
  static final Key<Integer> PORT =
      Key.atStart("admin.port", Listen.PORT_NUMBER, c -> c.admin().port());
  static final List<Key<?>> KEYS = List.of(HOST, PORT);

  public static final Admin DEFAULT = new Admin("127.0.0.1", 11436);

  public Admin {
    HOST.require(host);
    PORT.require(port);
  }

  static Admin from(Settings settings) {
    return new Admin(settings.get(HOST), settings.get(PORT));
  }
}
