package dev.plimsoll.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
  @TempDir Path folder;

  /** A value for every key that is not its default. */
  private static final Map<String, String> OTHER_VALUES = new LinkedHashMap<>();

  static {
    OTHER_VALUES.put("listen.host", "0.0.0.0");
    OTHER_VALUES.put("listen.port", "1");
    OTHER_VALUES.put("listen.api-keys", "sk-1, sk-2");
    OTHER_VALUES.put("listen.allowed-hosts", "box.example,[fd00::1]");
    OTHER_VALUES.put("listen.allowed-origins", "https://chat.example,chrome-extension://*");
    OTHER_VALUES.put("listen.max-body", "2KiB");
    OTHER_VALUES.put("listen.max-buffered", "50%");
    OTHER_VALUES.put("listen.max-connections", "3");
    OTHER_VALUES.put("listen.max-in-flight", "4");
    OTHER_VALUES.put("listen.header-timeout", "18s");
    OTHER_VALUES.put("listen.body-timeout", "5s");
    OTHER_VALUES.put("listen.idle-timeout", "6s");
    OTHER_VALUES.put("listen.write-stall-timeout", "7s");
    OTHER_VALUES.put("listen.drain", "8s");
    OTHER_VALUES.put("admin.host", "::1");
    OTHER_VALUES.put("admin.port", "9");
    OTHER_VALUES.put("admin.token", "t-1");
    OTHER_VALUES.put("admin.allowed-hosts", "box.example");
    OTHER_VALUES.put("upstream.url", "https://models.example:8443/base");
    OTHER_VALUES.put("upstream.kind", "openai");
    OTHER_VALUES.put("upstream.api-key", "sk-1");
    OTHER_VALUES.put("upstream.connect-timeout", "10s");
    OTHER_VALUES.put("upstream.first-byte-timeout", "11s");
    OTHER_VALUES.put("upstream.idle-timeout", "12s");
    OTHER_VALUES.put("upstream.max-concurrent", "13");
    OTHER_VALUES.put("upstream.queue", "14");
    OTHER_VALUES.put("upstream.keep-alive", "-1");
    OTHER_VALUES.put("upstream.allow-management", "true");
    OTHER_VALUES.put("context.window", "4096");
    OTHER_VALUES.put("context.advertise", "8192");
    OTHER_VALUES.put("context.answer-reserve", "2048");
    OTHER_VALUES.put("context.safety", "0.05");
    OTHER_VALUES.put("compaction.mode", "off");
    OTHER_VALUES.put("compaction.tail", "0.3");
    OTHER_VALUES.put("compaction.report-usage", "original");
    OTHER_VALUES.put("compaction.cache", "32MiB");
    OTHER_VALUES.put("recovery.max-attempts", "7");
    OTHER_VALUES.put("recovery.deadline", "2h");
    OTHER_VALUES.put("recovery.max-generated-tokens", "1000");
    OTHER_VALUES.put("recovery.max-held", "1MiB");
    OTHER_VALUES.put("recovery.backoff", "15s");
    OTHER_VALUES.put("recovery.continue-on-length", "always");
    OTHER_VALUES.put("recovery.rescue-text-tool-calls", "false");
    OTHER_VALUES.put("recovery.validate-arguments", "false");
    OTHER_VALUES.put("recovery.loop-guard", "9");
    OTHER_VALUES.put("stream.first-ping", "16s");
    OTHER_VALUES.put("stream.ping-interval", "17s");
    OTHER_VALUES.put("compat.reasoning-field", "reasoning");
    OTHER_VALUES.put("store.kind", "memory");
    OTHER_VALUES.put("store.path", "/srv/l.db");
    OTHER_VALUES.put("store.retention", "7d");
    OTHER_VALUES.put("store.write-timeout", "1s");
    OTHER_VALUES.put("log.level", "debug");
    OTHER_VALUES.put("log.format", "json");
  }

  @Nested
  class Precedence {
    @Test
    void withoutAnySourceTheDefaultsHold() {
      assertThat(new ConfigSource(Optional.empty(), Map.of(), List.of()).load())
          .isEqualTo(new Loaded.Valid(Config.DEFAULT));
    }

    @Test
    void theTestHasAValueForEveryKey() {
      assertThat(OTHER_VALUES.keySet())
          .containsExactlyElementsOf(Keys.ALL.stream().map(Key::path).toList());
    }

    @Test
    void everyKeyReachesItsOwnPlaceFromTheEnvironment() {
      for (Key<?> key : Keys.ALL) {
        String text = OTHER_VALUES.getOrDefault(key.path(), "");
        Config config = valid("", Map.of(key.environmentName(), text));
        assertThat(Keys.ALL.stream().filter(k -> k.differs(Config.DEFAULT, config)))
            .containsExactly(key);
        assertThat(new ValueType.Read.Good<>(key.in().apply(config)))
            .isEqualTo(key.type().read(text));
      }
    }

    @Test
    void theEnvironmentWinsOverTheFile() {
      Config config = valid("listen: {port: 1}", Map.of("PLIMSOLL_LISTEN_PORT", "2"));
      assertThat(config.listen().port()).isEqualTo(2);
    }

    @Test
    void theCommandLineWinsOverTheEnvironmentAndItsLastWordOverItsFirst() {
      Config config =
          valid("", Map.of("PLIMSOLL_LISTEN_PORT", "2"), "listen.port=3", "listen.port=4");
      assertThat(config.listen().port()).isEqualTo(4);
    }

    @Test
    void oneSourceLeavesTheKeysOfTheOthersAlone() {
      Config config =
          valid("listen: {port: 1}", Map.of("PLIMSOLL_ADMIN_PORT", "2"), "log.level=warn");
      assertThat(config.listen().port()).isEqualTo(1);
      assertThat(config.admin().port()).isEqualTo(2);
      assertThat(config.log().level()).isEqualTo(Log.Level.WARN);
    }
  }

  @Nested
  class TheFile {
    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "listen:\n  # port: 1\n", "{}"})
    void aFileThatSetsNothingMeansTheDefaults(String text) {
      assertThat(valid(text, Map.of())).isEqualTo(Config.DEFAULT);
    }

    @Test
    void aMissingFileIsTold() {
      Path missing = folder.resolve("no.yaml");
      assertThat(problems(missing))
          .containsExactly(missing + ": there is no such file; accepted: a readable YAML file");
    }

    @Test
    void aFolderIsTold() {
      assertThat(problems(folder))
          .containsExactly(folder + ": this is a folder; accepted: a readable YAML file");
    }

    @Test
    void aFileThatIsNotTextIsTold() throws IOException {
      Path binary = Files.write(folder.resolve("b.yaml"), new byte[] {(byte) 0xff, 0, 1});
      assertThat(problems(binary))
          .containsExactly(binary + ": this is not UTF-8 text; accepted: a readable YAML file");
    }

    @Test
    void wrongYamlIsOneSentenceWithItsPlace() {
      assertThat(problems("listen:\n  port: 1: 2\n"))
          .containsExactly(
              "FILE:2:10: not valid YAML: mapping values are not allowed here; accepted: a YAML"
                  + " mapping such as config/plimsoll.yaml");
      assertThat(problems("listen: {port: 1"))
          .singleElement()
          .asString()
          .startsWith("FILE:1:17: not valid YAML: expected ',' or '}', but got");
      assertThat(problems("log:\n  a: \u0007"))
          .containsExactly(
              "FILE:2:6: not valid YAML: this character is not allowed; accepted: a YAML mapping"
                  + " such as config/plimsoll.yaml");
    }

    @Test
    void anythingButAMappingIsTold() {
      String hint =
          "; accepted: a mapping with these keys: listen, admin, upstream, context, compaction,"
              + " recovery, stream, compat, store, log";
      assertThat(problems("- 1")).containsExactly("FILE:1:1: is not a group of keys" + hint);
      assertThat(problems("hello")).containsExactly("FILE:1:1: is not a group of keys" + hint);
      assertThat(problems("admin: 5"))
          .containsExactly(
              "FILE:1:8: admin: is not a group of keys; accepted: a mapping with these keys: host,"
                  + " port, token, allowed-hosts");
    }

    @Test
    void aKeyThatStandsTwiceIsTold() {
      assertThat(problems("log:\n  level: info\n  level: warn\n"))
          .containsExactly("FILE:3:3: log.level: stands here a second time; first at FILE:2:3");
      assertThat(problems("log: {level: info}\nlog: {level: info}"))
          .containsExactly("FILE:2:1: log: stands here a second time; first at FILE:1:1");
      assertThat(problems("log: {level: info}\nlog.level: warn"))
          .containsExactly("FILE:2:1: log.level: stands here a second time; first at FILE:1:7");
    }

    @Test
    void aKeyMayStandInOneLineWithItsSection() {
      assertThat(valid("listen.port: 5", Map.of()).listen().port()).isEqualTo(5);
    }

    @Test
    void aListOrAMappingIsNoValue() {
      assertThat(problems("listen: {port: [1]}"))
          .containsExactly("FILE:1:16: listen.port: is a list or a mapping; accepted: one value");
      assertThat(problems("listen: {? [a] : 1}"))
          .containsExactly("FILE:1:12: listen: has a key that is no text; accepted: plain keys");
    }

    @Test
    void aListIsTakenWhereSeveralValuesBelong() {
      Config config =
          valid("listen:\n  api-keys: [sk-1, 'sk-2']\n  allowed-hosts:\n    - a\n", Map.of());
      assertThat(config.listen().apiKeys()).containsExactly("sk-1", "sk-2");
      assertThat(config.listen().allowedHosts()).containsExactly("a");
      assertThat(valid("listen: {api-keys: null, allowed-hosts: []}", Map.of()))
          .isEqualTo(Config.DEFAULT);
      assertThat(valid("listen: {api-keys: 'a, b'}", Map.of()).listen().apiKeys())
          .containsExactly("a", "b");
    }

    @Test
    void aListHoldsNothingButSingleValues() {
      String wrong =
          ": listen.api-keys: has an entry that is no single value; accepted: texts without commas";
      assertThat(problems("listen: {api-keys: [sk-1, [sk-2]]}"))
          .containsExactly("FILE:1:27" + wrong);
      assertThat(problems("listen: {api-keys: ['a,b']}")).containsExactly("FILE:1:21" + wrong);
      assertThat(problems("listen: {api-keys: [~]}")).containsExactly("FILE:1:21" + wrong);
    }

    @Test
    void anAnchorThatContainsItselfEnds() {
      assertThat(problems("listen: &a {port: 1, b: *a}"))
          .containsExactly(
              "FILE:1:22: listen.b: unknown key; the nearest known key is listen.host");
    }
  }

  @Nested
  class UnknownNames {
    @ParameterizedTest
    @CsvSource({
      "listen.max_body, listen.max-body",
      "listen.maxBody, listen.max-body",
      "lisen.port, listen.port",
      "server.first-ping, stream.first-ping",
      "upstream.apikey, upstream.api-key",
      "context.models.x.windw, context.models.NAME.window",
      "first-byte-timeout, upstream.first-byte-timeout",
    })
    void anUnknownKeyNamesTheNearest(String wrong, String nearest) {
      assertThat(problems("", Map.of(), wrong + "=1"))
          .containsExactly(
              "--set: " + wrong + ": unknown key; the nearest known key is " + nearest);
    }

    @Test
    void anUnknownSectionIsToldOnce() {
      assertThat(problems("lissten:\n  port: 1\n  host: x\n"))
          .containsExactly("FILE:1:1: lissten: unknown key; the nearest known key is listen");
    }

    @Test
    void anUnknownVariableNamesTheNearest() {
      assertThat(problems("", Map.of("PLIMSOLL_LISTEN_PROT", "secret")))
          .containsExactly(
              "PLIMSOLL_LISTEN_PROT: unknown variable; the nearest known one is"
                  + " PLIMSOLL_LISTEN_PORT");
    }

    @Test
    void modelsHaveNoVariables() {
      assertThat(problems("", Map.of("PLIMSOLL_CONTEXT_MODELS_X_WINDOW", "1")))
          .containsExactly(
              "PLIMSOLL_CONTEXT_MODELS_X_WINDOW: names of models do not fit into a variable;"
                  + " accepted: context.models in the file, or --set"
                  + " context.models.NAME.window=TOKENS");
    }

    @Test
    void variablesOfOthersAreLeftAlone() {
      Map<String, String> others =
          Map.of(
              "PATH", "x",
              "PLIMSOLL_JAVA_OPTS", "-Xmx1g",
              "PLIMSOLL_JDKS", "/opt/jdk",
              "PLIMSOLL_REAL_DIR", "x",
              "PLIMSOLL_AGENTS_DIR", "x",
              "PLIMSOLL_PROMETHEUS_DIR", "x",
              "PLIMSOLL_SERVICE_HOST", "10.0.0.1",
              "PLIMSOLL_SERVICE_PORT_HTTP", "80",
              "PLIMSOLL_PORT", "tcp://10.0.0.1:80",
              "PLIMSOLL_PORT_80_TCP_ADDR", "10.0.0.1");
      assertThat(valid("", others)).isEqualTo(Config.DEFAULT);
      assertThat(problems("", Map.of("PLIMSOLL_PORT", "80"))).hasSize(1);
    }
  }

  @Nested
  class Models {
    @Test
    void namesMayHoldDotsColonsAndSlashes() {
      Config config =
          valid(
              "context: {models: {\"hf.co/x/y:Q4\": {window: 4096}, plain: {window: auto}}}",
              Map.of(),
              "context.models.glm-4.7-flash.window=45056");
      assertThat(config.context().models())
          .isEqualTo(
              Map.of(
                  "hf.co/x/y:Q4", new Context.Model(OptionalInt.of(4096)),
                  "plain", new Context.Model(OptionalInt.empty()),
                  "glm-4.7-flash", new Context.Model(OptionalInt.of(45056))));
    }

    @Test
    void wrongOnesAreTold() {
      assertThat(problems("context: {models: {a: {window: 12}, b: {size: 1}, c: 5}}"))
          .containsExactly(
              "FILE:1:41: context.models.b.size: unknown key; the nearest known key is"
                  + " context.models.NAME.window",
              "FILE:1:54: context.models.c: is not a group of keys; accepted: a mapping with these"
                  + " keys: window",
              "FILE:1:32: context.models.a.window: \"12\" is out of range; accepted: auto, or a"
                  + " whole number of at least 256 (tokens)");
      assertThat(problems("context: {models: 3}"))
          .containsExactly(
              "FILE:1:19: context.models: is not a group of keys; accepted: a mapping with names"
                  + " of models");
    }
  }

  @Nested
  class Values {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "listen.port | abc | \"abc\" is not a whole number",
          "listen.port | 65536 | \"65536\" is out of range",
          "listen.port | -1 | \"-1\" is out of range",
          "listen.port | 99999999999999999999 | \"99999999999999999999\" is out of range",
          "listen.port | '' | has no value",
          "listen.host | localhost:80 | \"localhost:80\" has not the right form",
          "listen.host | a b | \"a b\" has not the right form",
          "listen.max-body | 64 | \"64\" has no unit",
          "listen.max-body | 64MB | \"64MB\" is not a size",
          "listen.max-body | 2GiB | \"2GiB\" is out of range",
          "listen.api-keys | a,,b | has an empty entry",
          "listen.api-keys | sk-1,sk-secret x | holds a character that no key can hold",
          "listen.allowed-hosts | a:80 | \"a:80\" has not the right form",
          "listen.allowed-origins | chat.example | \"chat.example\" has not the right form",
          "listen.max-buffered | 0% | \"0%\" is out of range",
          "listen.max-buffered | 91% | \"91%\" is out of range",
          "listen.max-buffered | 64 | \"64\" has no unit",
          "listen.drain | 20 | \"20\" has no unit",
          "listen.drain | soon | \"soon\" is not a time",
          "listen.drain | 2h | \"2h\" is out of range",
          "upstream.url | localhost:11434 | \"localhost:11434\" does not begin with http:// or"
              + " https://",
          "upstream.url | ftp://x | \"ftp://x\" does not begin with http:// or https://",
          "upstream.url | http:// | \"http://\" is not a URL",
          "upstream.url | http://my_host | \"http://my_host\" names no host (letters, digits, dots"
              + " and hyphens)",
          "upstream.url | http://x:99999 | \"http://x:99999\" has a port that does not exist",
          "upstream.url | http://x?a=b | \"http://x?a=b\" has a query or a fragment",
          "upstream.url | http://x#a | \"http://x#a\" has a query or a fragment",
          "upstream.url | http://u:secret@x | holds an @: user names and passwords cannot stand in"
              + " it",
          "upstream.kind | vllm | \"vllm\" is none of the words known here",
          "upstream.api-key | sk-secret x | holds a character that no key can hold",
          "upstream.keep-alive | 5 minutes | \"5 minutes\" has not the right form",
          "upstream.allow-management | yes | \"yes\" is neither true nor false",
          "context.window | 255 | \"255\" is out of range",
          "context.window | big | \"big\" is not a whole number",
          "context.safety | 2% | \"2%\" is not a number with at most four decimals",
          "context.safety | 0.6 | \"0.6\" is out of range",
          "store.path | /srv/ | \"/srv/\" is a folder",
          "log.level | loud | \"loud\" is none of the words known here",
        })
    void aWrongOneIsToldWithWhatIsAccepted(String path, String value, String why) {
      Key<?> key = Keys.at(path).orElseThrow();
      assertThat(problems("", Map.of(key.environmentName(), value)))
          .containsExactly(
              key.environmentName()
                  + ": "
                  + path
                  + ": "
                  + why
                  + "; accepted: "
                  + key.type().accepted());
    }

    @ParameterizedTest
    @CsvSource({
      "upstream.keep-alive, 5m",
      "upstream.keep-alive, 1h30m",
      "upstream.keep-alive, -1m",
      "upstream.keep-alive, 300",
      "upstream.keep-alive, null",
      "upstream.url, http://[::1]:11434/v1",
      "listen.host, ::",
      "listen.host, fe80::1%eth0",
      "log.level, WARN",
      "listen.drain, 0s",
      "listen.drain, 1500ms",
      "listen.max-body, 1025B",
      "listen.max-buffered, 32MiB",
      "listen.allowed-origins, *",
      "listen.allowed-origins, http://localhost:*",
      "listen.allowed-hosts, []",
    })
    void aRightOneIsTaken(String path, String value) {
      assertThat(problems("", Map.of(), path + "=" + value)).isEmpty();
    }

    @Test
    void emptyMeansNullWhereNullIsAccepted() {
      Config config = valid("upstream: {api-key: sk-1}", Map.of("PLIMSOLL_UPSTREAM_API_KEY", ""));
      assertThat(config.upstream().apiKey()).isEmpty();
      assertThat(problems("listen: {host: null}"))
          .singleElement()
          .asString()
          .startsWith("FILE:1:16: listen.host: has no value; accepted: ");
    }

    @Test
    void aLongTextIsCutAndControlCharactersAreNotPrinted() {
      assertThat(problems("", Map.of(), "log.level=\u001b[2J" + "x".repeat(100)))
          .singleElement()
          .asString()
          .startsWith("--set: log.level: \"?[2J" + "x".repeat(56) + "…\" is none");
    }
  }

  @Nested
  class Contradicting {
    @Test
    void twoListenersCannotShareAPort() {
      assertThat(problems("", Map.of(), "listen.port=11436"))
          .containsExactly(
              "--set: listen.port: 11436 is also the value of admin.port; accepted: two different"
                  + " ports");
      assertThat(valid("", Map.of(), "listen.port=0", "admin.port=0").admin().port()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:11435", "http://localhost:11435/v1"})
    void plimsollIsNotItsOwnUpstream(String url) {
      assertThat(problems("", Map.of(), "upstream.url=" + url))
          .containsExactly(
              "--set: upstream.url: Plimsoll would be its own upstream at port 11435; accepted: the"
                  + " address of the model server in upstream.url (Ollama's is"
                  + " http://127.0.0.1:11434)");
      assertThat(problems("", Map.of(), "upstream.url=http://gpu.example:11435")).isEmpty();
    }
  }

  @Test
  void allMistakesOfAllSourcesAreToldAtOnce() {
    assertThat(
            problems(
                "listen:\n  port: 70000\n  max_body: 1\n",
                Map.of("PLIMSOLL_LOG_LEVEL", "loud", "PLIMSOLL_X", "1"),
                "listen.drain=x"))
        .extracting(line -> line.replaceAll("; .*", ""))
        .containsExactly(
            "FILE:3:3: listen.max_body: unknown key",
            "FILE:2:9: listen.port: \"70000\" is out of range",
            "PLIMSOLL_X: unknown variable",
            "PLIMSOLL_LOG_LEVEL: log.level: \"loud\" is none of the words known here",
            "--set: listen.drain: \"x\" is not a time");
  }

  private Config valid(String yaml, Map<String, String> environment, String... sets) {
    Loaded loaded = load(file(yaml), environment, sets);
    return switch (loaded) {
      case Loaded.Valid(Config config) -> config;
      case Loaded.Invalid(List<ConfigProblem> problems) ->
          throw new AssertionError(problems.toString());
    };
  }

  private List<String> problems(Path file) {
    return problems(load(file, Map.of()));
  }

  private List<String> problems(String yaml) {
    return problems(yaml, Map.of());
  }

  private List<String> problems(String yaml, Map<String, String> environment, String... sets) {
    Path file = file(yaml);
    return problems(load(file, environment, sets)).stream()
        .map(line -> line.replace(file.toString(), "FILE"))
        .toList();
  }

  private static List<String> problems(Loaded loaded) {
    return switch (loaded) {
      case Loaded.Valid(Config _) -> List.of();
      case Loaded.Invalid(List<ConfigProblem> problems) ->
          problems.stream().map(ConfigProblem::toString).toList();
    };
  }

  private static Loaded load(Path file, Map<String, String> environment, String... sets) {
    List<Setting> overrides =
        Arrays.stream(sets)
            .map(set -> set.split("=", 2))
            .map(pair -> new Setting("--set", pair[0], pair[1]))
            .toList();
    return new ConfigSource(Optional.of(file), environment, overrides).load();
  }

  private Path file(String yaml) {
    try {
      return Files.write(folder.resolve("p.yaml"), yaml.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
