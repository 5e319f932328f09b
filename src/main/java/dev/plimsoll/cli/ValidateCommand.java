package dev.plimsoll.cli;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigProblem;
import dev.plimsoll.config.Loaded;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command that checks a configuration and starts nothing. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Check the configuration and tell everything that is wrong with it.")
final class ValidateCommand implements Callable<Integer> {
  @Mixin private final ConfigOptions options;

  @Spec private @Nullable CommandSpec spec;

  ValidateCommand(Map<String, String> environment) {
    options = new ConfigOptions(environment);
  }

  @Override
  public Integer call() {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    return switch (options.source(command, List.of()).load()) {
      case Loaded.Invalid(List<ConfigProblem> problems) -> ConfigOptions.refuse(command, problems);
      case Loaded.Valid(Config _) -> {
        command.getOut().println("configuration is valid");
        yield CommandLine.ExitCode.OK;
      }
    };
  }
}
