package dev.plimsoll.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/**
 * The main class: finds the command and turns its result into an exit code.
 *
 * <p>0: done; 1: failed while running; 2: wrong usage or configuration.
 */
@Command(
    name = "plimsoll",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "[COMMAND]",
    description = {
      "A proxy between coding agents and a local model server.",
      "Without a command it serves: 'plimsoll --port 8080' is 'plimsoll serve --port 8080'."
    },
    footer = {"", "'plimsoll help COMMAND' shows the options of a command."})
public final class Main {
  private Main() {}

  /** Starts the program. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, charset("stdout.encoding"));
    PrintWriter err = new PrintWriter(System.err, true, charset("stderr.encoding"));
    System.exit(run(List.of(args), System.getenv(), out, err));
  }

  static int run(
      List<String> args, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    return new CommandLine(new Main())
        .addSubcommand(new ServeCommand(environment))
        .addSubcommand(new ValidateCommand(environment))
        .addSubcommand(new ExplainCommand(environment, System.in))
        .addSubcommand(new SessionsCommand(environment))
        .addSubcommand(new HelpCommand())
        // A value that begins with @ is a value, not a file of further arguments.
        .setExpandAtFiles(false)
        .setOut(out)
        .setErr(err)
        .execute(withCommand(args).toArray(String[]::new));
  }

  /** Puts the command there that is meant when none is given. */
  static List<String> withCommand(List<String> args) {
    boolean given =
        !args.isEmpty()
            && (!args.getFirst().startsWith("-")
                || List.of("-h", "--help", "-V", "--version").contains(args.getFirst()));
    if (given) {
      return args;
    }
    List<String> whole = new ArrayList<>(List.of("serve"));
    whole.addAll(args);
    return whole;
  }

  /** What the terminal understands; the JVM knows it, and names it only as a property. */
  private static Charset charset(String property) {
    return Charset.forName(System.getProperty(property, "UTF-8"));
  }
}
