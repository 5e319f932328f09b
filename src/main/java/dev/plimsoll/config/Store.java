package dev.plimsoll.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where Plimsoll keeps what it must not forget.
 *
 * @param kind in what the ledger is kept
 * @param path the ledger's file; empty: in the user's data folder
 * @param retention how long the ledger's rows are kept
 * @param writeTimeout how long an answer waits for its row to be written
 */
public record Store(Kind kind, Optional<Path> path, Duration retention, Duration writeTimeout) {
  static final Key<Kind> KIND =
      Key.atStart("store.kind", Choice.of(Kind.class), c -> c.store().kind());
  static final Key<Optional<Path>> PATH =
      Key.atStart("store.path", new OrNull<>(new FilePath()), c -> c.store().path());
  static final Key<Duration> RETENTION =
      Key.atStart("store.retention", TimeSpan.between("1h", "3650d"), c -> c.store().retention());
  static final Key<Duration> WRITE_TIMEOUT =
      Key.atStart(
          "store.write-timeout", TimeSpan.between("1ms", "1m"), c -> c.store().writeTimeout());
  static final List<Key<?>> KEYS = List.of(KIND, PATH, RETENTION, WRITE_TIMEOUT);

  public static final Store DEFAULT =
      new Store(Kind.SQLITE, Optional.empty(), Duration.ofDays(90), Duration.ofMillis(250));

  /** In what the ledger is kept. */
  public enum Kind {
    /** A file that outlives the process. */
    SQLITE,
    /** Nothing that does. */
    MEMORY
  }

  public Store {
    KIND.require(kind);
    PATH.require(path);
    RETENTION.require(retention);
    WRITE_TIMEOUT.require(writeTimeout);
  }

  static Store from(Settings settings) {
    return new Store(
        settings.get(KIND),
        settings.get(PATH),
        settings.get(RETENTION),
        settings.get(WRITE_TIMEOUT));
  }

  /** The file of the ledger for this user. */
  public Path file(Map<String, String> environment, Path home, String osName) {
    return path.map(given -> atHome(given, home).toAbsolutePath())
        .orElseGet(
            () -> userData(environment, home, osName).resolve("plimsoll").resolve("ledger.db"));
  }

  /** The folder of the ledger, where learnt facts about models are kept as well. */
  public Path dataFolder(Map<String, String> environment, Path home, String osName) {
    Path file = file(environment, home, osName);
    Path folder = file.getParent();
    return folder == null ? file : folder;
  }

  private static Path atHome(Path given, Path home) {
    return given.startsWith("~") ? home.resolve(Path.of("~").relativize(given)) : given;
  }

  private static Path userData(Map<String, String> environment, Path home, String osName) {
    String xdg = environment.getOrDefault("XDG_DATA_HOME", "");
    // The XDG rules: a relative path there is to be ignored.
    if (xdg.startsWith("/")) {
      return Path.of(xdg);
    }
    return osName.startsWith("Mac")
        ? home.resolve("Library").resolve("Application Support")
        : home.resolve(".local").resolve("share");
  }
}
