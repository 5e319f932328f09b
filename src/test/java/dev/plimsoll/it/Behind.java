package dev.plimsoll.it;

import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Dialect;
import dev.plimsoll.testing.Exchange;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.RecordedRequest;
import dev.plimsoll.testing.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** The two kinds of model server that stand behind Plimsoll. */
enum Behind {
  OLLAMA(Dialect.OLLAMA_033, "ollama", Route.CHAT),
  OPENAI(Dialect.LLAMA_SERVER, "openai", Route.V1_CHAT);

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Dialect dialect;
  private final String kind;
  private final Route chat;

  Behind(Dialect dialect, String kind, Route chat) {
    this.dialect = dialect;
    this.kind = kind;
    this.chat = chat;
  }

  FakeOllama.Builder fake() {
    return FakeOllama.builder().dialect(dialect);
  }

  /** Plimsoll in front of it; its window is set, so that nothing has to be loaded first. */
  RunningPlimsoll plimsoll(FakeOllama fake, String... more) {
    List<String> settings = new ArrayList<>(List.of("context.window=4096"));
    settings.addAll(List.of(more));
    return learning(fake, settings.toArray(String[]::new));
  }

  /** Plimsoll in front of it, with no window set. */
  RunningPlimsoll learning(FakeOllama fake, String... more) {
    List<String> settings =
        new ArrayList<>(List.of("upstream.url=" + fake.uri(), "upstream.kind=" + kind));
    settings.addAll(List.of(more));
    return RunningPlimsoll.start(settings.toArray(String[]::new));
  }

  /** The chat requests that reached it so far, but for those that only want a prompt. */
  List<RecordedRequest> chats(FakeOllama fake) {
    return fake.requests(chat).stream()
        .filter(request -> !request.json().path("_debug_render_only").asBoolean())
        .toList();
  }

  /** The chat exchange of that number, counted from 0; waits for it. */
  Exchange chat(FakeOllama fake, int number) {
    return exchange(fake, chat, number);
  }

  /** The exchange of that number on one route, counted from 0; waits for it. */
  static Exchange exchange(FakeOllama fake, Route route, int number) {
    return Awaitility.await()
        .atMost(LIMIT)
        .until(() -> onRoute(fake, route), found -> found.size() > number)
        .get(number);
  }

  private static List<Exchange> onRoute(FakeOllama fake, Route route) {
    return fake.exchanges().stream()
        .filter(exchange -> exchange.request().path().equals(route.path()))
        .toList();
  }
}
