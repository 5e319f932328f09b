package dev.plimsoll.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.AdminClient.NoAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code explain}: shows what the running Plimsoll would send of a chat request. */
@Command(
    name = "explain",
    description = {
      "Shows what the running Plimsoll would send of a chat request: what each message costs, what"
          + " becomes of it, and why. No model is asked for an answer."
    },
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  private static final int MAX_REQUEST = 256 * 1024 * 1024;

  @Option(
      names = "--request",
      required = true,
      paramLabel = "FILE",
      description = "The chat request as an agent would send it, as JSON; - reads it from stdin.")
  private String request = "-";

  @Option(
      names = "--admin",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:11436",
      description = "The admin port to ask; by default ${DEFAULT-VALUE}.")
  private URI admin = URI.create("http://127.0.0.1:11436");

  @Option(names = "--json", description = "Prints JSON as the admin API gives it.")
  private boolean json;

  private final String token;
  private final InputStream in;

  @Spec private @Nullable CommandSpec spec;

  /**
   * A command that finds the operators' key in this environment.
   *
   * @param in what {@code -} stands for
   */
  ExplainCommand(Map<String, String> environment, InputStream in) {
    this.token = environment.getOrDefault(AdminClient.TOKEN_VARIABLE, "");
    this.in = in;
  }

  @Override
  public Integer call() {
    CommandLine line = Objects.requireNonNull(spec, "set by picocli").commandLine();
    AdminClient.checkAddress(admin, line);
    byte[] body = read(line);
    try (AdminClient client = new AdminClient(admin, token)) {
      JsonNode told = client.explain(body);
      PrintWriter out = line.getOut();
      List<String> lines = json ? List.of(told.toString()) : ExplainText.of(told);
      lines.forEach(out::println);
      out.flush();
      return 0;
    } catch (NoAnswer e) {
      PrintWriter err = line.getErr();
      err.println("plimsoll: " + TextTable.printable(String.valueOf(e.getMessage())));
      err.flush();
      return 1;
    }
  }

  private byte[] read(CommandLine line) {
    byte[] body;
    try (InputStream from = request.equals("-") ? in : Files.newInputStream(Path.of(request))) {
      body = from.readNBytes(MAX_REQUEST + 1);
    } catch (IOException | InvalidPathException e) {
      throw new ParameterException(line, "--request " + request + " cannot be read: " + e);
    }
    if (body.length > MAX_REQUEST) {
      throw new ParameterException(line, "--request is longer than 256 MiB: no agent sends that.");
    }
    return body;
  }
}
