package dev.plimsoll.config;

import java.time.Duration;
import java.util.List;

/** Where agents connect, and what one of them may take from the rest. */
public record Listen(
    String host,
    int port,
    List<String> apiKeys,
    List<String> allowedHosts,
    List<String> allowedOrigins,
    long maxBody,
    MemoryLimit maxBuffered,
    int maxConnections,
    int maxInFlight,
    Duration headerTimeout,
    Duration bodyTimeout,
    Duration idleTimeout,
    Duration writeStallTimeout,
    Duration drain) {

  static final WholeNumber PORT_NUMBER = new WholeNumber(0, 65535, "0 = any free port");

  static final Key<String> HOST = Key.atStart("listen.host", Text.HOST, c -> c.listen().host());
  static final Key<Integer> PORT = Key.atStart("listen.port", PORT_NUMBER, c -> c.listen().port());
  static final Key<List<String>> API_KEYS =
      Key.of("listen.api-keys", new ListOf<>(Text.LISTED_BEARER), c -> c.listen().apiKeys());
  static final Key<List<String>> ALLOWED_HOSTS =
      Key.of("listen.allowed-hosts", new ListOf<>(Text.HOST_NAME), c -> c.listen().allowedHosts());
  static final Key<List<String>> ALLOWED_ORIGINS =
      Key.of("listen.allowed-origins", new ListOf<>(Text.ORIGIN), c -> c.listen().allowedOrigins());
  // A body is one array, so it stays below 2 GiB.
  static final Key<Long> MAX_BODY =
      Key.of(
          "listen.max-body", new ByteSize(ByteSize.KIB, ByteSize.GIB), c -> c.listen().maxBody());
  static final Key<MemoryLimit> MAX_BUFFERED =
      Key.of(
          "listen.max-buffered",
          new MemoryAmount(1, 90, new ByteSize(ByteSize.KIB, 1024 * ByteSize.GIB)),
          c -> c.listen().maxBuffered());
  static final Key<Integer> MAX_CONNECTIONS =
      Key.of(
          "listen.max-connections",
          new WholeNumber(1, 1_000_000),
          c -> c.listen().maxConnections());
  static final Key<Integer> MAX_IN_FLIGHT =
      Key.of("listen.max-in-flight", new WholeNumber(1, 100_000), c -> c.listen().maxInFlight());
  static final Key<Duration> HEADER_TIMEOUT =
      Key.of(
          "listen.header-timeout",
          TimeSpan.between("100ms", "1h"),
          c -> c.listen().headerTimeout());
  static final Key<Duration> BODY_TIMEOUT =
      Key.of("listen.body-timeout", TimeSpan.between("100ms", "1h"), c -> c.listen().bodyTimeout());
  static final Key<Duration> IDLE_TIMEOUT =
      Key.of("listen.idle-timeout", TimeSpan.between("1s", "1d"), c -> c.listen().idleTimeout());
  static final Key<Duration> WRITE_STALL_TIMEOUT =
      Key.of(
          "listen.write-stall-timeout",
          TimeSpan.between("100ms", "1h"),
          c -> c.listen().writeStallTimeout());
  static final Key<Duration> DRAIN =
      Key.of("listen.drain", TimeSpan.between("0s", "1h"), c -> c.listen().drain());

  static final List<Key<?>> KEYS =
      List.of(
          HOST,
          PORT,
          API_KEYS,
          ALLOWED_HOSTS,
          ALLOWED_ORIGINS,
          MAX_BODY,
          MAX_BUFFERED,
          MAX_CONNECTIONS,
          MAX_IN_FLIGHT,
          HEADER_TIMEOUT,
          BODY_TIMEOUT,
          IDLE_TIMEOUT,
          WRITE_STALL_TIMEOUT,
          DRAIN);

  public static final Listen DEFAULT =
      new Listen(
          "127.0.0.1",
          11435,
          List.of(),
          List.of(),
          List.of(),
          64 * ByteSize.MIB,
          new MemoryLimit.HeapShare(25),
          1024,
          100,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(75),
          Duration.ofSeconds(60),
          Duration.ofSeconds(20));

  public Listen {
    HOST.require(host);
    PORT.require(port);
    API_KEYS.require(apiKeys);
    ALLOWED_HOSTS.require(allowedHosts);
    ALLOWED_ORIGINS.require(allowedOrigins);
    MAX_BODY.require(maxBody);
    MAX_BUFFERED.require(maxBuffered);
    MAX_CONNECTIONS.require(maxConnections);
    MAX_IN_FLIGHT.require(maxInFlight);
    HEADER_TIMEOUT.require(headerTimeout);
    BODY_TIMEOUT.require(bodyTimeout);
    IDLE_TIMEOUT.require(idleTimeout);
    WRITE_STALL_TIMEOUT.require(writeStallTimeout);
    DRAIN.require(drain);
    apiKeys = List.copyOf(apiKeys);
    allowedHosts = List.copyOf(allowedHosts);
    allowedOrigins = List.copyOf(allowedOrigins);
  }

  static Listen from(Settings settings) {
    return new Listen(
        settings.get(HOST),
        settings.get(PORT),
        settings.get(API_KEYS),
        settings.get(ALLOWED_HOSTS),
        settings.get(ALLOWED_ORIGINS),
        settings.get(MAX_BODY),
        settings.get(MAX_BUFFERED),
        settings.get(MAX_CONNECTIONS),
        settings.get(MAX_IN_FLIGHT),
        settings.get(HEADER_TIMEOUT),
        settings.get(BODY_TIMEOUT),
        settings.get(IDLE_TIMEOUT),
        settings.get(WRITE_STALL_TIMEOUT),
        settings.get(DRAIN));
  }

  /** Without the keys: a configuration may be logged. */
  @Override
  public String toString() {
    return "Listen[host=" + host + ", port=" + port + ", apiKeys=" + apiKeys.size() + " ***]";
  }
}
