package dev.plimsoll.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Sends the program a few requests of its own and ends it, so that the JVM's cache of loaded
 * classes holds what a real start needs.
 */
final class Rehearsal {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Rehearsal() {}

  static int run(Program program) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI base = URI.create("http://127.0.0.1:" + program.agentPort());
      send(client, HttpRequest.newBuilder(base.resolve("/")).GET());
      // Nothing need answer behind the proxy: the way there and the way of the error are enough.
      send(client, chat(base, false));
      send(client, chat(base, true));
      return 0;
    } catch (IOException e) {
      System.err.println("plimsoll: the rehearsal failed: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    } finally {
      program.close();
    }
  }

  private static HttpRequest.Builder chat(URI base, boolean stream) {
    String body =
        "{\"model\":\"rehearsal\",\"stream\":"
            + stream
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"tools\":[]}";
    return HttpRequest.newBuilder(base.resolve("/v1/chat/completions"))
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private static void send(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        client.send(request.timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() >= 500 && response.statusCode() != 502) {
      throw new IOException("status " + response.statusCode());
    }
  }
}
