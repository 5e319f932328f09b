package dev.plimsoll.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ConfigTest {
  private static final Path HOME = Path.of("/home/ada");

  @Test
  void everyDefaultIsAsPromised() {
    assertThat(Config.DEFAULT)
        .isEqualTo(
            new Config(
                new Listen(
                    "127.0.0.1",
                    11435,
                    List.of(),
                    List.of(),
                    List.of(),
                    67_108_864,
                    new MemoryLimit.HeapShare(25),
                    1024,
                    100,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(75),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(20)),
                new Admin("127.0.0.1", 11436, Optional.empty(), List.of()),
                new Upstream(
                    URI.create("http://127.0.0.1:11434"),
                    Upstream.Kind.AUTO,
                    Optional.empty(),
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(30),
                    Duration.ofSeconds(120),
                    0,
                    64,
                    Optional.empty(),
                    false),
                new Context(
                    OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), 0.02, Map.of()),
                new Compaction(
                    Compaction.Mode.LEDGER,
                    0.18,
                    Compaction.ReportUsage.EFFECTIVE,
                    64 * 1024 * 1024),
                new Recovery(
                    4,
                    Duration.ofMinutes(30),
                    32_768,
                    8 * 1024 * 1024,
                    Duration.ofMillis(500),
                    Recovery.ContinueOnLength.TOOLS,
                    true,
                    true,
                    6),
                new Stream(Duration.ofSeconds(5), Duration.ofSeconds(10)),
                new Compat(Compat.ReasoningField.REASONING_CONTENT),
                new Store(
                    Store.Kind.SQLITE,
                    Optional.empty(),
                    Duration.ofDays(90),
                    Duration.ofMillis(250)),
                new Log(Log.Level.INFO, Log.Format.TEXT)));
  }

  @Test
  void aRecordMadeInCodeIsCheckedAsAUsersValueIs() {
    assertThatThrownBy(() -> new Admin("127.0.0.1", 65536, Optional.empty(), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "admin.port: \"65536\" is out of range; accepted: a whole number from 0 to 65535"
                + " (0 = any free port)");
    assertThatThrownBy(() -> recovery(Duration.ofHours(1)))
        .hasMessageStartingWith("recovery.backoff: \"1h\" is out of range");
  }

  private static Recovery recovery(Duration backoff) {
    Recovery usual = Recovery.DEFAULT;
    return new Recovery(
        usual.maxAttempts(),
        usual.deadline(),
        usual.maxGeneratedTokens(),
        usual.maxHeld(),
        backoff,
        usual.continueOnLength(),
        usual.rescueTextToolCalls(),
        usual.validateArguments(),
        usual.loopGuard());
  }

  @Test
  void onlyHostsPortsAndTheStoreNeedARestart() {
    Config next =
        new Config(
            new Listen(
                "0.0.0.0",
                1,
                List.of("k"),
                List.of("a"),
                List.of("*"),
                1024,
                new MemoryLimit.Size(1024),
                1,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ZERO),
            new Admin("0.0.0.0", 2, Optional.of("t"), List.of("a")),
            Upstream.DEFAULT,
            Context.DEFAULT,
            Compaction.DEFAULT,
            recovery(Duration.ZERO),
            Stream.DEFAULT,
            Compat.DEFAULT,
            new Store(
                Store.Kind.MEMORY,
                Optional.of(Path.of("/tmp/l.db")),
                Duration.ofDays(1),
                Duration.ofSeconds(1)),
            new Log(Log.Level.DEBUG, Log.Format.JSON));
    assertThat(Config.DEFAULT.restartKeysChangedTo(next))
        .isEqualTo(
            List.of(
                "listen.host",
                "listen.port",
                "admin.host",
                "admin.port",
                "store.kind",
                "store.path",
                "store.retention",
                "store.write-timeout"));
    assertThat(Config.DEFAULT.restartKeysChangedTo(Config.DEFAULT)).isEmpty();
  }

  @Test
  void theKeyOfTheUpstreamIsNotPrinted() {
    Loaded loaded = load(Map.of("PLIMSOLL_UPSTREAM_API_KEY", "sk-secret"));
    assertThat(loaded).isInstanceOf(Loaded.Valid.class);
    assertThat(loaded.toString()).contains("***").doesNotContain("sk-secret");
  }

  @Test
  void theKeysOfBothPortsAreNotPrinted() {
    Loaded loaded =
        load(
            Map.of(
                "PLIMSOLL_LISTEN_API_KEYS", "sk-secret,sk-other",
                "PLIMSOLL_ADMIN_TOKEN", "tok-secret"));
    assertThat(loaded).isInstanceOf(Loaded.Valid.class);
    assertThat(loaded.toString()).contains("***").doesNotContain("sk-", "tok-");
  }

  @Test
  void aKeyThatIsRefusedIsNotPrinted() {
    Loaded loaded =
        load(Map.of("PLIMSOLL_LISTEN_API_KEYS", "sk-good,sk se", "PLIMSOLL_ADMIN_TOKEN", "tok n"));
    assertThat(loaded).isInstanceOf(Loaded.Invalid.class);
    assertThat(loaded.toString())
        .contains("listen.api-keys", "admin.token")
        .doesNotContain("sk-", "sk se", "tok n");
  }

  @Test
  void aShareOfTheHeapIsOfTheHeap() {
    assertThat(new MemoryLimit.HeapShare(25).bytes(1000)).isEqualTo(250);
    assertThat(new MemoryLimit.Size(7).bytes(1000)).isEqualTo(7);
  }

  @Test
  void theLedgerLiesInTheUsersDataFolder() {
    Store store = Store.DEFAULT;
    assertThat(store.file(Map.of(), HOME, "Linux"))
        .isEqualTo(Path.of("/home/ada/.local/share/plimsoll/ledger.db"));
    assertThat(store.file(Map.of("XDG_DATA_HOME", "/data"), HOME, "Linux"))
        .isEqualTo(Path.of("/data/plimsoll/ledger.db"));
    assertThat(store.file(Map.of("XDG_DATA_HOME", "relative"), HOME, "Linux"))
        .isEqualTo(Path.of("/home/ada/.local/share/plimsoll/ledger.db"));
    assertThat(store.file(Map.of(), HOME, "Mac OS X"))
        .isEqualTo(Path.of("/home/ada/Library/Application Support/plimsoll/ledger.db"));
  }

  @Test
  void theDataFolderIsWhereTheLedgerIs() {
    assertThat(at(Optional.of(Path.of("/srv/x/l.db"))).dataFolder(Map.of(), HOME, "Linux"))
        .isEqualTo(Path.of("/srv/x"));
    assertThat(at(Optional.of(Path.of("~/p/l.db"))).dataFolder(Map.of(), HOME, "Linux"))
        .isEqualTo(Path.of("/home/ada/p"));
    assertThat(at(Optional.of(Path.of("l.db"))).dataFolder(Map.of(), HOME, "Linux"))
        .isEqualTo(Path.of("").toAbsolutePath());
  }

  private static Store at(Optional<Path> file) {
    return new Store(Store.Kind.SQLITE, file, Duration.ofDays(90), Duration.ofMillis(250));
  }

  private static Loaded load(Map<String, String> environment) {
    return new ConfigSource(Optional.empty(), environment, List.of()).load();
  }
}
