package dev.plimsoll.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Any text is either a configuration that can be written down and read back, or a list of mistakes,
 * each in one harmless line with the place where it stands.
 */
class ConfigFuzzTest {
  private static final String FILE = "f.yaml";
  private static final Pattern PLACE = Pattern.compile(FILE + ":(\\d+):(\\d+)");

  /** What snakeyaml says about a document that is too large or too deep as a whole. */
  private static final Pattern WHOLE_DOCUMENT =
      Pattern.compile("not valid YAML: (The incoming YAML|Number of aliases|Nesting Depth).*");

  /** What ends a line for snakeyaml, but not for everybody. */
  private static final Pattern RARE_BREAKS = Pattern.compile("[\\u0085\\u2028\\u2029\\ufeff]");

  private static final int MAX_LINE = 600;

  @FuzzTest
  void yaml(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    Found found = YamlFile.parse(FILE, text);
    List<String> lines = List.of(text.split("\r\n|\r|\n", -1));
    boolean plainLines = !RARE_BREAKS.matcher(text).find();
    for (Setting setting : found.settings()) {
      assertThat(setting.source()).matches(PLACE);
      if (plainLines) {
        assertStandsThere(setting, lines);
      }
    }
    Loaded loaded = load(found.settings());
    List<ConfigProblem> problems = new ArrayList<>(found.problems());
    switch (loaded) {
      case Loaded.Valid(Config config) ->
          assertThat(load(written(config))).isEqualTo(new Loaded.Valid(config));
      case Loaded.Invalid(List<ConfigProblem> more) -> {
        assertThat(more).isNotEmpty();
        problems.addAll(more);
      }
    }
    problems.forEach(ConfigFuzzTest::assertTold);
    assertNoSecretIsTold(text, found.settings(), problems);
    assertThat(YamlFile.parse(FILE, text)).isEqualTo(found);
  }

  private static Loaded load(List<Setting> settings) {
    return new ConfigSource(Optional.empty(), Map.of(), settings).load();
  }

  /** A configuration as the settings that make it. */
  private static List<Setting> written(Config config) {
    List<Setting> settings = new ArrayList<>();
    Keys.ALL.forEach(key -> settings.add(written(key, config)));
    config.context().models().keySet().stream()
        .map(Context::modelWindow)
        .forEach(key -> settings.add(written(key, config)));
    return settings;
  }

  private static <T> Setting written(Key<T> key, Config config) {
    return new Setting("test", key.path(), key.type().write(key.in().apply(config)));
  }

  /** The place of a value that stands there as it is: its first word can be read there. */
  private static void assertStandsThere(Setting setting, List<String> lines) {
    Matcher place = PLACE.matcher(setting.source());
    assertThat(place.matches()).isTrue();
    int line = Integer.parseInt(place.group(1));
    assertThat(line).isBetween(1, lines.size());
    String whole = lines.get(line - 1);
    int column = Integer.parseInt(place.group(2)) - 1;
    assertThat(column).isBetween(0, whole.codePointCount(0, whole.length()));
    String rest = whole.substring(whole.offsetByCodePoints(0, column));
    if (!rest.isEmpty()
        && Character.isLetterOrDigit(rest.charAt(0))
        && !setting.value().isEmpty()) {
      assertThat(rest).startsWith(setting.value().split("[ \n]", 2)[0]);
    }
  }

  private static void assertTold(ConfigProblem problem) {
    if (!WHOLE_DOCUMENT.matcher(problem.wrong()).matches() && !problem.source().equals("default")) {
      assertThat(problem.source()).as("%s", problem).matches(PLACE);
    }
    assertThat(problem.wrong()).isNotEmpty();
    assertThat(problem.hint()).isNotEmpty();
    String line = problem.toString();
    assertThat(line).hasSizeLessThan(MAX_LINE);
    assertThat(line.codePoints().noneMatch(ConfigFuzzTest::isHarmful)).as("%s", line).isTrue();
  }

  /** What would move a terminal's cursor, break its line, or turn its direction. */
  private static boolean isHarmful(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  private static void assertNoSecretIsTold(
      String text, List<Setting> settings, List<ConfigProblem> problems) {
    for (Setting setting : settings) {
      String value = setting.value();
      boolean once = value.length() > 4 && text.indexOf(value) == text.lastIndexOf(value);
      if (setting.path().equals(Upstream.API_KEY.path()) && once) {
        assertThat(problems).noneMatch(problem -> problem.toString().contains(value));
      }
    }
  }
}
