package dev.plimsoll.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Asks the admin port of a running Plimsoll. */
final class AdminClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** A model that is not loaded yet may have to be, first. */
  private static final Duration EXPLANATION = Duration.ofMinutes(10);

  private static final int PIECE = 8192;
  private static final int MAX_REFUSAL = 64 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The variable of the key {@code admin.token}: the same that the proxy itself reads. */
  static final String TOKEN_VARIABLE = "PLIMSOLL_ADMIN_TOKEN";

  private final String base;
  private final String token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .proxy(HttpClient.Builder.NO_PROXY)
          .build();

  /** A client; an empty token is none. */
  AdminClient(URI admin, String token) {
    this.token = token;
    String text = admin.toString();
    this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /** Ends a command whose {@code --admin} is no address of a port. */
  static void checkAddress(URI admin, CommandLine line) {
    String scheme = admin.getScheme();
    if (admin.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new ParameterException(line, "--admin must be a URL such as http://127.0.0.1:11436.");
    }
  }

  /** A question that got no answer that can be shown; its message says what to do. */
  static final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    NoAnswer(int status, String message) {
      super(message, null, false, false);
      this.status = status;
    }

    boolean notFound() {
      return status == 404;
    }
  }

  /** The JSON at a path, which begins with a slash. */
  JsonNode get(String path) throws NoAnswer {
    return json(send(path, HttpResponse.BodyHandlers.ofString()));
  }

  /** What would become of a chat request, given as its bytes. */
  JsonNode explain(byte[] request) throws NoAnswer {
    HttpRequest.Builder post =
        request("/api/v1/explain")
            .timeout(EXPLANATION)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(request));
    return json(send(post, HttpResponse.BodyHandlers.ofString()));
  }

  private JsonNode json(HttpResponse<String> response) throws NoAnswer {
    JsonNode json = parse(response.body());
    if (response.statusCode() == 200) {
      return json;
    }
    throw refusal(response.statusCode(), json);
  }

  /** Copies the text at a path, however long it is. */
  void copy(String path, PrintWriter to) throws NoAnswer {
    HttpResponse<InputStream> response = send(path, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        byte[] said = body.readNBytes(MAX_REFUSAL);
        throw refusal(response.statusCode(), parse(new String(said, StandardCharsets.UTF_8)));
      }
      Reader text = new InputStreamReader(body, StandardCharsets.UTF_8);
      char[] piece = new char[PIECE];
      // Somebody who closes the pipe, as head does, has enough.
      for (int n = text.read(piece); n >= 0 && !to.checkError(); n = text.read(piece)) {
        to.write(piece, 0, n);
      }
    } catch (IOException e) {
      throw new NoAnswer(
          0, base + " broke off in the middle: what was written is not the whole ledger.");
    }
  }

  private NoAnswer refusal(int status, JsonNode json) {
    if (status == 401) {
      return new NoAnswer(
          401,
          "The admin port asks for its key: put the value of admin.token into the variable "
              + TOKEN_VARIABLE
              + ".");
    }
    String said = json.path("error").path("message").asText("");
    return new NoAnswer(
        status, said.isEmpty() ? base + " answered with status " + status + "." : said);
  }

  /** A value as a part of a path or query. */
  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).header("accept", "application/json");
    return token.isEmpty() ? request : request.header("authorization", "Bearer " + token);
  }

  private <T> HttpResponse<T> send(String path, HttpResponse.BodyHandler<T> body) throws NoAnswer {
    return send(request(path).timeout(ANSWER), body);
  }

  private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
      throws NoAnswer {
    try {
      return http.send(request.build(), body);
    } catch (ConnectException e) {
      throw new NoAnswer(
          0,
          "Nobody listens at "
              + base
              + ": start Plimsoll with \"plimsoll serve\", or name the admin port of the one that"
              + " runs with --admin http://HOST:PORT.");
    } catch (HttpTimeoutException e) {
      throw new NoAnswer(0, base + " does not answer: look into the log of the Plimsoll there.");
    } catch (IOException e) {
      throw new NoAnswer(
          0, base + " broke the connection off: is that Plimsoll's admin port? See --admin.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoAnswer(0, "Interrupted.");
    }
  }

  private JsonNode parse(String body) throws NoAnswer {
    try {
      JsonNode json = JSON.readTree(body);
      if (json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      // Said below, as for JSON that is no object.
    }
    throw new NoAnswer(
        0,
        "What answers at "
            + base
            + " is not Plimsoll's admin port (that is 11436 unless configured): see --admin.");
  }

  @Override
  public void close() {
    http.close();
  }
}
