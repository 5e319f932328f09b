package dev.plimsoll.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plimsoll.cli.AdminClient.NoAnswer;
import java.io.PrintWriter;
import java.net.URI;
import java.time.ZoneId;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code sessions}: shows what the running Plimsoll has in its ledger. */
@Command(
    name = "sessions",
    description = "Shows the sessions of the running Plimsoll, newest activity first.",
    mixinStandardHelpOptions = true)
public final class SessionsCommand implements Callable<Integer> {
  /** The longest page that the admin API gives. */
  static final int MAX_LIMIT = 500;

  private static final String API = "/api/v1/sessions";

  @Option(
      names = "--admin",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      defaultValue = "http://127.0.0.1:11436",
      description = "The admin port to ask; by default ${DEFAULT-VALUE}.")
  private URI admin = URI.create("http://127.0.0.1:11436");

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Prints JSON as the admin API gives it.")
  private boolean json;

  @Option(
      names = "--limit",
      paramLabel = "N",
      scope = ScopeType.INHERIT,
      defaultValue = "50",
      description = "At most so many rows, 1 to 500; by default ${DEFAULT-VALUE}.")
  private int limit = 50;

  private final String token;

  @Spec private @Nullable CommandSpec spec;

  /** What is asked and how the answer is shown. */
  @FunctionalInterface
  private interface Question {
    void ask(AdminClient client, PrintWriter out) throws NoAnswer;
  }

  /** A command that finds the operators' key in this environment. */
  SessionsCommand(Map<String, String> environment) {
    token = environment.getOrDefault(AdminClient.TOKEN_VARIABLE, "");
  }

  /** Without a subcommand it lists. */
  @Override
  public Integer call() {
    return list();
  }

  @Command(
      name = "list",
      description = "Lists sessions, newest activity first.",
      mixinStandardHelpOptions = true)
  int list() {
    return answer(
        (client, out) -> {
          JsonNode page = client.get(API + "?limit=" + limit);
          print(json ? List.of(page.toString()) : text().list(page), out);
        });
  }

  @Command(
      name = "show",
      description = "Shows one session and its requests.",
      mixinStandardHelpOptions = true)
  int show(
      @Parameters(
              paramLabel = "ID",
              description = "The session's id, or the agent's own id for it.")
          String id) {
    return answer(
        (client, out) -> {
          JsonNode session = find(client, id);
          String path = API + "/" + AdminClient.encoded(session.path("id").asText());
          JsonNode requests = client.get(path + "/requests?limit=" + limit);
          print(
              json
                  ? List.of(together(session, requests).toString())
                  : text().details(session, requests),
              out);
        });
  }

  @Command(
      name = "export",
      description = "Writes every attempt in the ledger, oldest first.",
      mixinStandardHelpOptions = true)
  int export(
      @Option(
              names = "--format",
              required = true,
              paramLabel = "csv|jsonl",
              description = "csv for spreadsheets, jsonl for programs: one JSON object a line.")
          Format format) {
    return answer((client, out) -> client.copy("/api/v1/export?format=" + format.name(), out));
  }

  /** The formats of the admin API, by the words that it takes. */
  enum Format {
    csv,
    jsonl
  }

  private static JsonNode find(AdminClient client, String id) throws NoAnswer {
    try {
      return client.get(API + "/" + AdminClient.encoded(id));
    } catch (NoAnswer e) {
      JsonNode newest =
          e.notFound() ? client.get(API + "?limit=1&client=" + AdminClient.encoded(id)) : null;
      if (newest == null || newest.path("sessions").isEmpty()) {
        throw e;
      }
      return newest.path("sessions").get(0);
    }
  }

  private static ObjectNode together(JsonNode session, JsonNode requests) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    all.set("session", session);
    all.set("requests", requests.path("requests"));
    all.set("next", requests.path("next"));
    return all;
  }

  private static void print(List<String> lines, PrintWriter out) {
    lines.forEach(out::println);
  }

  private static SessionText text() {
    return new SessionText(ZoneId.systemDefault());
  }

  private int answer(Question question) {
    CommandLine line = Objects.requireNonNull(spec, "set by picocli").commandLine();
    checkOptions(line);
    PrintWriter err = line.getErr();
    try (AdminClient client = new AdminClient(admin, token)) {
      PrintWriter out = line.getOut();
      question.ask(client, out);
      out.flush();
      return 0;
    } catch (NoAnswer e) {
      err.println("plimsoll: " + TextTable.printable(String.valueOf(e.getMessage())));
      err.flush();
      return 1;
    }
  }

  private void checkOptions(CommandLine line) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new ParameterException(line, "--limit must be from 1 to " + MAX_LIMIT + ".");
    }
    AdminClient.checkAddress(admin, line);
  }
}
