package dev.plimsoll.cli;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigProblem;
import dev.plimsoll.config.ConfigSource;
import dev.plimsoll.config.Loaded;
import dev.plimsoll.config.Secrets;
import dev.plimsoll.config.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that runs the proxy. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Run the proxy (the default command).")
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Mixin private final ConfigOptions options;

  @Spec private @Nullable CommandSpec spec;

  // Texts, not numbers: they take the same way as every other setting and get the same messages.
  @Option(
      names = "--upstream",
      paramLabel = "URL",
      description = "The model server; the key upstream.url.")
  private @Nullable String upstream;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The port for agents; the key listen.port.")
  private @Nullable String port;

  /** Starts, answers one request of its own and ends: for training the JVM's cache. */
  @Option(names = "--exit-when-ready", hidden = true)
  private boolean exitWhenReady;

  ServeCommand(Map<String, String> environment) {
    options = new ConfigOptions(environment);
  }

  @Override
  public Integer call() {
    var command = Objects.requireNonNull(spec).commandLine();
    ConfigSource source = options.source(command, named());
    return switch (source.load()) {
      case Loaded.Invalid(List<ConfigProblem> problems) -> ConfigOptions.refuse(command, problems);
      case Loaded.Valid(Config config) -> {
        Logging.apply(config.log(), Secrets.of(config));
        yield serve(config, source, exitWhenReady);
      }
    };
  }

  /**
   * Runs until the program is told to stop, and returns its exit code.
   *
   * @param reload the same sources, to be read again at SIGHUP
   */
  int serve(Config config, ConfigSource reload, boolean exitWhenReady) {
    try {
      if (exitWhenReady) {
        return Rehearsal.run(config, System.getenv());
      }
      Program program = Program.start(config, System.getenv());
      CountDownLatch stopped = new CountDownLatch(1);
      Signals.install(
          () -> {
            LOG.info("stopping: waiting for the requests under way");
            program.stop();
            stopped.countDown();
          },
          () -> reload(program, reload));
      Greeting.say(config, program.agentPort(), program.adminPort());
      stopped.await();
      return 0;
    } catch (Program.StartFailure e) {
      Objects.requireNonNull(spec).commandLine().getErr().println("plimsoll: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  static void reload(Program program, ConfigSource sources) {
    switch (sources.load()) {
      case Loaded.Valid(Config next) -> {
        Logging.apply(next.log(), Secrets.of(next));
        program.reload(next);
      }
      case Loaded.Invalid(List<ConfigProblem> problems) -> {
        problems.forEach(problem -> LOG.error("{}", problem));
        LOG.error("the configuration has mistakes: the old one stays in force");
      }
    }
  }

  private List<Setting> named() {
    List<Setting> named = new ArrayList<>();
    if (upstream != null) {
      named.add(new Setting("--upstream", "upstream.url", upstream));
    }
    if (port != null) {
      named.add(new Setting("--port", "listen.port", port));
    }
    return named;
  }
}
