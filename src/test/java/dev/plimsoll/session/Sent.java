package dev.plimsoll.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plimsoll.chat.Body;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Parsed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** A request as a client sent it, for the tests of this package. */
record Sent(String name, String kind, Map<String, String> headers, String body) {
  /** Where requests recorded from real agents may lie; they are not part of the sources. */
  static final Path RECORDED = Path.of("../shared/fixtures/requests");

  private static final ObjectMapper JSON = new ObjectMapper();

  static Sent of(String body) {
    return new Sent("made up", "main", Map.of(), body);
  }

  Sent with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Sent(name, kind, more, body);
  }

  Sent withoutIds() {
    Map<String, String> fewer = new LinkedHashMap<>(headers);
    fewer.keySet().removeIf(header -> header.contains("session"));
    return new Sent(name, kind, fewer, body);
  }

  Identity identity() {
    return SessionIdentity.of(name -> headers.get(name), request());
  }

  Identity asCompletion() {
    return switch (Body.parse(body.getBytes(StandardCharsets.UTF_8))) {
      case Parsed.Good<Body>(Body good) -> SessionIdentity.of(name -> headers.get(name), good);
      case Parsed.Bad<Body>(var error) -> throw new AssertionError(error.message());
    };
  }

  private ChatRequest request() {
    return switch (ChatRequest.parse(body.getBytes(StandardCharsets.UTF_8))) {
      case Parsed.Good<ChatRequest>(ChatRequest good) -> good;
      case Parsed.Bad<ChatRequest>(var error) -> throw new AssertionError(error.message());
    };
  }

  /** The recorded requests of one agent, in the order in which they were sent. */
  static List<Sent> recorded(String agent) throws IOException {
    try (Stream<Path> files = Files.list(RECORDED.resolve(agent))) {
      return files.sorted().map(Sent::read).toList();
    }
  }

  private static Sent read(Path file) {
    try {
      JsonNode recorded = JSON.readTree(file.toFile());
      Map<String, String> headers = new LinkedHashMap<>();
      recorded
          .get("headers")
          .forEach(
              pair ->
                  headers.putIfAbsent(
                      pair.get(0).textValue().toLowerCase(Locale.ROOT), pair.get(1).textValue()));
      return new Sent(
          file.getFileName().toString(),
          recorded.get("kind").textValue(),
          headers,
          recorded.get("body").toString());
    } catch (IOException e) {
      throw new AssertionError(file + " cannot be read", e);
    }
  }
}
