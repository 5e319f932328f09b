package dev.plimsoll.soak;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.BuiltPlimsoll;
import dev.plimsoll.testing.Dialect;
import dev.plimsoll.testing.Exchange;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.RecordedRequest;
import dev.plimsoll.testing.Reply;
import dev.plimsoll.testing.Route;
import dev.plimsoll.testing.Scrape;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/**
 * One built program with a small heap under load: rounds of work with a quiet moment after each, in
 * which it must have nothing left to do and is looked at.
 */
final class Soak implements Callable<Soak.Log> {
  static final String HEAP = "-Xmx128m";

  private static final Duration ROUND = Duration.ofSeconds(20);
  private static final Duration QUIET_LIMIT = Duration.ofSeconds(60);
  private static final Duration HANG_LIMIT = Duration.ofMinutes(2);
  private static final int CLIENTS = 16;

  /** Connections that the program keeps for its small questions. */
  private static final int POOLED = 5;

  static final Pattern NUMBER = Pattern.compile("scene (\\d+);");

  private final Dialect dialect;
  private final Path folder;
  private final Duration length;
  private final long first;

  private final AtomicLong next;
  private final AtomicLong calls = new AtomicLong();
  private final Set<Long> asked = ConcurrentHashMap.newKeySet();
  private final Tally tally = new Tally();

  /** A look at the program after so much time under load and so many requests. */
  record Sample(Duration at, long requests, Vitals vitals) {}

  /** What came of it. */
  record Log(String server, List<Sample> samples, Tally tally, String errors) {
    Log {
      samples = List.copyOf(samples);
    }
  }

  /**
   * Prepares one.
   *
   * @param length time under load; quiet moments come on top
   * @param first the number of the first scene
   */
  Soak(Dialect dialect, Path folder, Duration length, long first) {
    this.dialect = dialect;
    this.folder = folder;
    this.length = length;
    this.first = first;
    this.next = new AtomicLong(first);
  }

  @Override
  public Log call() throws IOException, InterruptedException {
    List<Sample> samples = new ArrayList<>();
    try (FakeOllama fake = FakeOllama.builder().dialect(dialect).remember(20).start();
        BuiltPlimsoll plimsoll = start(fake)) {
      fake.reply(this::reply);
      fake.reply(Route.V1_EMBEDDINGS, this::reply);
      long rounds = length.dividedBy(ROUND);
      for (int i = 1; i <= rounds && tally.good() && plimsoll.alive(); i++) {
        round(plimsoll);
        quiet(fake, plimsoll);
        Vitals vitals = Vitals.of(plimsoll.pid(), folder);
        samples.add(new Sample(ROUND.multipliedBy(i), next.get() - first, vitals));
      }
      if (plimsoll.alive()) {
        checkCounts(plimsoll);
      } else {
        tally.complain("the program ended: " + plimsoll.log());
      }
      return new Log(kind(), samples, tally, plimsoll.errors());
    }
  }

  private String kind() {
    return dialect.ollama() ? "ollama" : "openai";
  }

  private BuiltPlimsoll start(FakeOllama fake) throws IOException, InterruptedException {
    return BuiltPlimsoll.start(
        List.of(HEAP),
        folder,
        fake.uri(),
        "upstream.kind=" + kind(),
        "context.window=262144",
        "recovery.backoff=20ms");
  }

  private Reply reply(RecordedRequest request) {
    Matcher number = NUMBER.matcher(request.body().text());
    if (!number.find()) {
      throw new IllegalStateException("a request without a scene: " + request.body().text());
    }
    calls.incrementAndGet();
    Scene scene = Scene.of(Long.parseLong(number.group(1)));
    return scene.reply(asked.add(scene.number()), soFar(request.json()));
  }

  /** What the answer goes on behind: the end of a plain text, or what the assistant said last. */
  static String soFar(JsonNode body) {
    String said = body.path("prompt").asText();
    for (JsonNode message : body.path("messages")) {
      said = message.path("role").asText().equals("assistant") ? content(message) : said;
    }
    return said;
  }

  private static String content(JsonNode message) {
    return message.path("content").asText();
  }

  private void round(BuiltPlimsoll plimsoll) throws InterruptedException {
    long end = System.nanoTime() + ROUND.toNanos();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(Thread.ofVirtual().start(() -> work(plimsoll, end)));
    }
    for (Thread client : clients) {
      if (!client.join(ROUND.plus(HANG_LIMIT))) {
        tally.complain("hangs: " + Arrays.toString(client.getStackTrace()));
      }
    }
  }

  private void work(BuiltPlimsoll plimsoll, long end) {
    try (Client client = new Client(plimsoll.agents(), dialect.ollama())) {
      while (System.nanoTime() - end < 0 && tally.good()) {
        play(client, Scene.of(next.getAndIncrement()));
      }
    } catch (IOException e) {
      tally.complain("closing: " + e);
    }
  }

  private void play(Client client, Scene scene) {
    try {
      tally.add(scene.errand(), client.play(scene));
    } catch (IOException | RuntimeException | AssertionError e) {
      tally.complain("scene " + scene.number() + " " + scene + ": " + e);
    }
  }

  /** Nothing may be left to do; the pool of connections for answers empties by itself. */
  private void quiet(FakeOllama fake, BuiltPlimsoll plimsoll) {
    try {
      await()
          .atMost(QUIET_LIMIT)
          .until(
              () ->
                  fake.concurrent() == 0
                      && fake.openConnections() <= POOLED
                      && scrape(plimsoll).sum("inflight_requests") == 0);
    } catch (ConditionTimeoutException e) {
      tally.complain(
          "does not come to rest: %d connections to the server, under way: %s"
              .formatted(
                  fake.openConnections(),
                  fake.exchanges().stream().filter(Exchange::running).toList()));
    }
  }

  /** Every call that the server saw is an attempt, and every other attempt is of one who left. */
  private void checkCounts(BuiltPlimsoll plimsoll) throws IOException {
    double attempts = scrape(plimsoll).sum("upstream_attempts_total");
    if (attempts < calls.get() || attempts > calls.get() + tally.left()) {
      tally.complain(
          "%.0f attempts, %d calls of the server, %d clients left"
              .formatted(attempts, calls.get(), tally.left()));
    }
  }

  private static Scrape scrape(BuiltPlimsoll plimsoll) throws IOException {
    return Scrape.parse(RawClient.get(plimsoll.operators(), "/metrics").text());
  }
}
