package dev.plimsoll.real;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.testing.Body;
import dev.plimsoll.testing.SseText;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A patient client: small models on busy machines take their time. */
final class Http {
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private Http() {}

  /** A whole response. */
  record Answer(int status, HttpHeaders headers, String text) {
    String header(String name) {
      return headers.firstValue(name).orElse("");
    }

    JsonNode json() {
      return Body.of(text).json();
    }

    SseText stream() {
      return SseText.of(text);
    }
  }

  static Answer get(URI uri) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri).GET());
  }

  /** Posts JSON; {@code headers} are names and values in turn. */
  static Answer post(URI uri, String json, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  static Answer delete(URI uri, String json) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(uri).method("DELETE", HttpRequest.BodyPublishers.ofString(json)));
  }

  private static Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    // A client of its own each time: a server may be closing the connection that was used last.
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<String> response =
          client.send(request.timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers(), response.body());
    }
  }
}
