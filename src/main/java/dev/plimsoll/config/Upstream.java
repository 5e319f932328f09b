package dev.plimsoll.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The model server behind Plimsoll, and how long and how often it is asked. */
public record Upstream(
    URI url,
    Kind kind,
    Optional<String> apiKey,
    Duration connectTimeout,
    Duration firstByteTimeout,
    Duration idleTimeout,
    int maxConcurrent,
    int queue,
    Optional<String> keepAlive,
    boolean allowManagement) {

  /** Which protocol the server speaks. */
  public enum Kind {
    /** Asked of the server itself. */
    AUTO,
    /** Ollama's own API. */
    OLLAMA,
    /** Any OpenAI-compatible API. */
    OPENAI
  }

  static final Key<URI> URL = Key.of("upstream.url", new WebAddress(), c -> c.upstream().url());
  static final Key<Kind> KIND =
      Key.of("upstream.kind", Choice.of(Kind.class), c -> c.upstream().kind());
  static final Key<Optional<String>> API_KEY =
      Key.of("upstream.api-key", new OrNull<>(Text.BEARER), c -> c.upstream().apiKey());
  static final Key<Duration> CONNECT_TIMEOUT =
      Key.of(
          "upstream.connect-timeout",
          TimeSpan.between("10ms", "5m"),
          c -> c.upstream().connectTimeout());
  static final Key<Duration> FIRST_BYTE_TIMEOUT =
      Key.of(
          "upstream.first-byte-timeout",
          TimeSpan.between("100ms", "1d"),
          c -> c.upstream().firstByteTimeout());
  static final Key<Duration> IDLE_TIMEOUT =
      Key.of(
          "upstream.idle-timeout",
          TimeSpan.between("100ms", "1d"),
          c -> c.upstream().idleTimeout());
  static final Key<Integer> MAX_CONCURRENT =
      Key.of(
          "upstream.max-concurrent",
          new WholeNumber(0, 10_000, "0 = no limit"),
          c -> c.upstream().maxConcurrent());
  static final Key<Integer> QUEUE =
      Key.of(
          "upstream.queue",
          new WholeNumber(0, 100_000, "0 = nobody waits"),
          c -> c.upstream().queue());
  static final Key<Optional<String>> KEEP_ALIVE =
      Key.of(
          "upstream.keep-alive", new OrNull<>(Text.OLLAMA_DURATION), c -> c.upstream().keepAlive());
  static final Key<Boolean> ALLOW_MANAGEMENT =
      Key.of("upstream.allow-management", new YesNo(), c -> c.upstream().allowManagement());

  static final List<Key<?>> KEYS =
      List.of(
          URL,
          KIND,
          API_KEY,
          CONNECT_TIMEOUT,
          FIRST_BYTE_TIMEOUT,
          IDLE_TIMEOUT,
          MAX_CONCURRENT,
          QUEUE,
          KEEP_ALIVE,
          ALLOW_MANAGEMENT);

  public static final Upstream DEFAULT =
      new Upstream(
          URI.create("http://127.0.0.1:11434"),
          Kind.AUTO,
          Optional.empty(),
          Duration.ofSeconds(5),
          Duration.ofMinutes(30),
          Duration.ofSeconds(120),
          0,
          64,
          Optional.empty(),
          false);

  public Upstream {
    URL.require(url);
    API_KEY.require(apiKey);
    CONNECT_TIMEOUT.require(connectTimeout);
    FIRST_BYTE_TIMEOUT.require(firstByteTimeout);
    IDLE_TIMEOUT.require(idleTimeout);
    MAX_CONCURRENT.require(maxConcurrent);
    QUEUE.require(queue);
    KEEP_ALIVE.require(keepAlive);
  }

  static Upstream from(Settings settings) {
    return new Upstream(
        settings.get(URL),
        settings.get(KIND),
        settings.get(API_KEY),
        settings.get(CONNECT_TIMEOUT),
        settings.get(FIRST_BYTE_TIMEOUT),
        settings.get(IDLE_TIMEOUT),
        settings.get(MAX_CONCURRENT),
        settings.get(QUEUE),
        settings.get(KEEP_ALIVE),
        settings.get(ALLOW_MANAGEMENT));
  }

  /** Without the key: a configuration may be logged. */
  @Override
  public String toString() {
    return "Upstream[url=" + url + ", kind=" + kind + ", apiKey=" + apiKey.map(key -> "***") + "]";
  }
}
