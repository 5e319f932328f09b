package dev.plimsoll.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigSource;
import dev.plimsoll.config.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the files for containers to the program and to each other; nothing is run. */
class ContainerFilesTest {
  private static final Path DOCKERFILE = Path.of("docker/Dockerfile");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static final Pattern VARIABLE = Pattern.compile("\\b(PLIMSOLL_[A-Z_]+)=(\\S+)");
  private static final Pattern COPY =
      Pattern.compile("(?m)^COPY (?!--from)(?:--\\S+ )*(\\S+) \\S+$");
  private static final Pattern SECONDS = Pattern.compile("(\\d+)s");

  private final JsonNode compose;
  private final JsonNode gpu;
  private final JsonNode prometheus;
  private final String dockerfile;

  ContainerFilesTest() throws IOException {
    compose = YAML.readTree(Path.of("docker/compose.yaml").toFile());
    gpu = YAML.readTree(Path.of("docker/compose.gpu.yaml").toFile());
    prometheus = YAML.readTree(Path.of("docker/prometheus.yml").toFile());
    dockerfile = Files.readString(DOCKERFILE);
  }

  private JsonNode plimsoll() {
    return compose.path("services").path("plimsoll");
  }

  private static Config config(Map<String, String> environment) {
    return switch (new ConfigSource(Optional.empty(), environment, List.of()).load()) {
      case Loaded.Valid(Config config) -> config;
      case Loaded.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  /** What the image sets, without the options of the training run. */
  private Map<String, String> imageEnvironment() {
    Map<String, String> variables = new TreeMap<>();
    Matcher variable = VARIABLE.matcher(dockerfile);
    while (variable.find()) {
      if (!variable.group(1).equals("PLIMSOLL_JAVA_OPTS")) {
        variables.put(variable.group(1), variable.group(2));
      }
    }
    return variables;
  }

  /** What the program sees in the set; what the user may hand on is empty. */
  private Map<String, String> composeEnvironment() {
    Map<String, String> variables = imageEnvironment();
    plimsoll()
        .path("environment")
        .properties()
        .forEach(entry -> variables.put(entry.getKey(), entry.getValue().asText("")));
    return variables;
  }

  @Test
  void theImageSetsKeysThatThereAre() {
    Config config = config(imageEnvironment());

    assertThat(config.listen().host()).isEqualTo("0.0.0.0");
    assertThat(config.admin().host()).isEqualTo("0.0.0.0");
    assertThat(config.store().path()).contains(Path.of("/data/ledger.db"));
    assertThat(dockerfile)
        .contains("\nVOLUME /data\n")
        .contains("\nEXPOSE " + config.listen().port() + " " + config.admin().port() + "\n")
        .contains("\nUSER 10001:10001\n");
  }

  @Test
  void everyFileThatTheImageTakesIsThere() {
    List<Path> missing = new ArrayList<>();
    Matcher copy = COPY.matcher(dockerfile);
    int copies = 0;
    while (copy.find()) {
      copies++;
      Path source = Path.of(copy.group(1));
      if (!source.startsWith("target") && !Files.exists(source)) {
        missing.add(source);
      }
    }

    assertThat(copies).isGreaterThan(3);
    assertThat(missing).isEmpty();
  }

  @Test
  void composeSetsKeysThatThereAreAndNamesServicesThatThereAre() {
    Config config = config(composeEnvironment());

    assertThat(compose.path("services").has(config.upstream().url().getHost())).isTrue();
    assertThat(mounts(plimsoll())).containsValue("/data");
  }

  @Test
  void everyPortIsOfThisMachineAlone() {
    List<String> ports = new ArrayList<>();
    compose
        .path("services")
        .forEach(service -> service.path("ports").forEach(port -> ports.add(port.asText())));

    assertThat(ports).hasSize(3).allMatch(port -> port.startsWith("127.0.0.1:"));
    assertThat(ports)
        .contains(
            "127.0.0.1:%1$d:%1$d".formatted(Config.DEFAULT.listen().port()),
            "127.0.0.1:%1$d:%1$d".formatted(Config.DEFAULT.admin().port()));
  }

  @Test
  void everyServiceHasAnExactImageAHealthCheckAndVolumesThatAreDeclared() {
    compose
        .path("services")
        .properties()
        .forEach(
            entry -> {
              JsonNode service = entry.getValue();
              assertThat(service.path("image").asText())
                  .as(entry.getKey())
                  .matches("localhost/plimsoll:latest|docker\\.io/\\S+:v?\\d+\\.\\d+\\.\\d+");
              assertThat(service.path("healthcheck").path("test").size()).isGreaterThan(1);
              mounts(service)
                  .keySet()
                  .forEach(
                      source ->
                          assertThat(
                                  source.startsWith("./")
                                      ? Files.exists(Path.of("docker").resolve(source))
                                      : compose.path("volumes").has(source))
                              .as(source)
                              .isTrue());
            });
  }

  @Test
  void composeGivesAnswersTheTimeToEnd() {
    assertThat(seconds(plimsoll().path("stop_grace_period").asText()))
        .isGreaterThan(Config.DEFAULT.listen().drain());
  }

  @Test
  void theFileForGpusChangesServicesThatThereAre() {
    gpu.path("services")
        .fieldNames()
        .forEachRemaining(name -> assertThat(compose.path("services").has(name)).as(name).isTrue());
  }

  @Test
  void prometheusAsksTheOperatorsPortByANameThatIsLetIn() {
    String target = prometheus.at("/scrape_configs/0/static_configs/0/targets/0").asText();

    String name = target.replaceFirst(":.*", "");
    assertThat(compose.path("services").has(name)).isTrue();
    assertThat(target).endsWith(":" + Config.DEFAULT.admin().port());
    assertThat(config(composeEnvironment()).admin().allowedHosts()).contains(name);
    assertThat(seconds(prometheus.at("/global/scrape_timeout").asText()))
        .isLessThan(seconds(prometheus.at("/global/scrape_interval").asText()));
  }

  private static Map<String, String> mounts(JsonNode service) {
    Map<String, String> mounts = new TreeMap<>();
    service
        .path("volumes")
        .forEach(
            volume -> {
              String[] parts = volume.asText().split(":", -1);
              mounts.put(parts[0], parts[1]);
            });
    return mounts;
  }

  private static Duration seconds(String text) {
    Matcher seconds = SECONDS.matcher(text);
    assertThat(seconds.matches()).as(text).isTrue();
    return Duration.ofSeconds(Long.parseLong(seconds.group(1)));
  }
}
