package dev.plimsoll.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Lays the sources over one another: defaults, file, environment, command line.
 *
 * <p>Every source becomes a list of {@link Setting}s first, so that one loop checks them all by the
 * same rules and finds all mistakes at once, also in values that a later source replaces.
 */
final class ConfigLoader {
  private final Settings accepted = new Settings();
  private final List<ConfigProblem> problems = new ArrayList<>();

  private ConfigLoader() {}

  static Loaded load(ConfigSource source) {
    ConfigLoader loader = new ConfigLoader();
    source.file().ifPresent(file -> loader.add(YamlFile.read(file)));
    loader.add(Environment.read(source.environment()));
    source.overrides().forEach(loader::add);
    return loader.result();
  }

  private void add(Found found) {
    problems.addAll(found.problems());
    found.settings().forEach(this::add);
  }

  private void add(Setting setting) {
    Keys.at(setting.path())
        .ifPresentOrElse(
            key -> accept(key, setting), () -> problems.add(ConfigProblem.unknownKey(setting)));
  }

  private <T> void accept(Key<T> key, Setting setting) {
    switch (key.type().read(setting.value())) {
      case ValueType.Read.Good<T>(T value) -> accepted.put(key, value, setting.source());
      case ValueType.Read.Bad<T>(String why) ->
          problems.add(
              new ConfigProblem(
                  setting.source(), key.path(), why, "accepted: " + key.type().accepted()));
    }
  }

  private Loaded result() {
    Config config = Config.from(accepted);
    problems.addAll(Contradictions.in(config, accepted));
    return problems.isEmpty() ? new Loaded.Valid(config) : new Loaded.Invalid(problems);
  }
}
