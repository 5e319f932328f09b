package dev.plimsoll.cli;

import dev.plimsoll.config.ConfigProblem;
import dev.plimsoll.config.ConfigSource;
import dev.plimsoll.config.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say where the configuration comes from. */
final class ConfigOptions {
  /** The exit code for wrong usage or configuration. */
  static final int WRONG = CommandLine.ExitCode.USAGE;

  private final Map<String, String> environment;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Read this YAML file; config/plimsoll.yaml shows every key.")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set one key, such as listen.port=8080; may be repeated.")
  private List<String> sets = new ArrayList<>();

  ConfigOptions(Map<String, String> environment) {
    this.environment = environment;
  }

  /** All sources; the named options win over {@code --set}. */
  ConfigSource source(CommandLine command, List<Setting> named) {
    List<Setting> overrides = new ArrayList<>();
    sets.forEach(set -> overrides.add(setting(command, set)));
    overrides.addAll(named);
    return new ConfigSource(Optional.ofNullable(file), environment, overrides);
  }

  /** Tells all mistakes and gives the exit code for them. */
  static int refuse(CommandLine command, List<ConfigProblem> problems) {
    problems.forEach(command.getErr()::println);
    return WRONG;
  }

  private static Setting setting(CommandLine command, String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new ParameterException(
          command, "--set takes KEY=VALUE, such as --set listen.port=8080; this is none: " + text);
    }
    return new Setting("--set", text.substring(0, equals), text.substring(equals + 1));
  }
}
