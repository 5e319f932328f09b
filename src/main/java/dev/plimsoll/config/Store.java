package dev.plimsoll.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where Plimsoll keeps what it must not forget.
 *
 * @param path the ledger's file; empty: in the user's data folder
 */
public record Store(Optional<Path> path) {
  static final Key<Optional<Path>> PATH =
      Key.atStart("store.path", new OrNull<>(new FilePath()), c -> c.store().path());
  static final List<Key<?>> KEYS = List.of(PATH);

  public static final Store DEFAULT = new Store(Optional.empty());

  public Store {
    PATH.require(path);
  }

  static Store from(Settings settings) {
    return new Store(settings.get(PATH));
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
