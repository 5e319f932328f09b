package dev.plimsoll.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigSource;
import dev.plimsoll.config.Loaded;
import dev.plimsoll.config.Setting;
import dev.plimsoll.metrics.RejectReason;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.Scrape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The whole program in this JVM, on ports of its own, as {@code plimsoll serve} starts it.
 *
 * <p>Settings are written as after {@code --set}.
 */
public final class RunningPlimsoll implements AutoCloseable {
  private static final List<String> FREE_PORTS = List.of("listen.port=0", "admin.port=0");

  private final Program program;
  private final List<RejectReason> rejections = new CopyOnWriteArrayList<>();
  private final List<String> settings;
  private final Optional<Path> folderToDelete;

  private RunningPlimsoll(List<String> settings, Optional<Path> folderToDelete) {
    this.settings = settings;
    this.folderToDelete = folderToDelete;
    try {
      this.program =
          Program.start(config(source(Optional.empty(), settings)), Map.of(), rejections::add);
    } catch (Program.StartFailure e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts with a data folder that is deleted in the end. */
  public static RunningPlimsoll start(String... settings) {
    try {
      Path folder = Files.createTempDirectory("plimsoll-it");
      return new RunningPlimsoll(all(folder, settings), Optional.of(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts with a data folder that stays. */
  public static RunningPlimsoll in(Path folder, String... settings) {
    return new RunningPlimsoll(all(folder, settings), Optional.empty());
  }

  private static List<String> all(Path folder, String... settings) {
    List<String> all = new ArrayList<>(FREE_PORTS);
    all.add("store.path=" + folder.resolve("ledger.db"));
    // Whoever has seen the end of an answer finds its row, however busy the machine is.
    all.add("store.write-timeout=30s");
    all.addAll(List.of(settings));
    return all;
  }

  private static ConfigSource source(Optional<Path> file, List<String> settings) {
    List<Setting> overrides =
        settings.stream()
            .map(set -> set.split("=", 2))
            .map(set -> new Setting("--set", set[0], set[1]))
            .toList();
    return new ConfigSource(file, Map.of(), overrides);
  }

  private static Config config(ConfigSource source) {
    return switch (source.load()) {
      case Loaded.Valid(Config config) -> config;
      case Loaded.Invalid(var problems) -> throw new IllegalArgumentException(problems.toString());
    };
  }

  /** Where agents connect. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  public int port() {
    return program.agentPort();
  }

  public int adminPort() {
    return program.adminPort();
  }

  /** Where operators connect. */
  public URI adminUri() {
    return URI.create("http://127.0.0.1:" + adminPort());
  }

  /** Why requests were turned away, in the order in which that happened. */
  public List<RejectReason> rejections() {
    return List.copyOf(rejections);
  }

  /** Every request in the ledger, the newest of each session first. */
  public List<JsonNode> requests() throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (JsonNode session : all("/api/v1/sessions", "sessions")) {
      rows.addAll(all("/api/v1/sessions/" + session.path("id").asText() + "/requests", "requests"));
    }
    return rows;
  }

  private List<JsonNode> all(String path, String field) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = admin(path + "?limit=100&cursor=" + cursor);
      page.path(field).forEach(rows::add);
      cursor = page.path("next").asText("");
    } while (!cursor.isEmpty() && !cursor.equals("null"));
    return rows;
  }

  private JsonNode admin(String path) throws IOException {
    return RawClient.get(adminUri(), path).body().json();
  }

  /** Its metrics now. */
  public Scrape scrape() throws IOException {
    return Scrape.parse(RawClient.get(adminUri(), "/metrics").text());
  }

  /** What SIGHUP does, with this file under the settings that the program was started with. */
  public void reload(Path file) {
    ServeCommand.reload(program, source(Optional.of(file), settings));
  }

  /** What SIGTERM does: returns when everything under way has ended. */
  public void stop() {
    program.stop();
  }

  @Override
  public void close() {
    program.close();
    folderToDelete.ifPresent(RunningPlimsoll::delete);
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file); // what is still being written may be renamed meanwhile
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
