package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.Body;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.upstream.ModelServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts turns, counts those under way, and lets them end when the program ends. */
public final class Turns {
  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

  /** For closing the rows and telling the client that the program ends. */
  private static final int LAST_WORDS_SECONDS = 2;

  private final Supplier<Parts> parts;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Set<Running> running = ConcurrentHashMap.newKeySet();
  private final CountDownLatch drained = new CountDownLatch(1);
  private volatile boolean stopping;

  /** A turn whose thread has not ended. */
  private record Running(Arrival arrival, Downstream downstream, Thread thread) {
    void abandon() {
      downstream.abandon();
      thread.interrupt();
    }
  }

  /** Makes a starter; each turn takes the parts that are current when it starts. */
  public Turns(Supplier<Parts> parts) {
    this.parts = parts;
  }

  /** Whether the program ends and nobody new is let in. */
  public boolean stopping() {
    return stopping;
  }

  /** The number of requests being answered. */
  public int inFlight() {
    return inFlight.get();
  }

  /**
   * Starts the turn that answers a request; for the loop that owns the client's socket.
   *
   * @return whether it was let in; if not, the error has been sent
   */
  public boolean start(Arrival arrival, HttpServerRequest request) {
    HttpServerResponse response = request.response();
    Parts now = parts.get();
    if (stopping) {
      refuse(now, arrival, response, OwnErrors.shuttingDown());
      return false;
    }
    if (inFlight.incrementAndGet() > now.config().listen().maxInFlight()) {
      leave();
      refuse(now, arrival, response, OwnErrors.inFlight());
      return false;
    }
    Downstream downstream =
        new Downstream(arrival.loop(), request, now.patience(), now.clock(), this::leave);
    Running[] self = new Running[1];
    Thread thread =
        Thread.ofVirtual()
            .name("plimsoll-turn-" + arrival.id())
            .unstarted(
                () -> {
                  try {
                    run(now, arrival, downstream, response);
                  } finally {
                    running.remove(self[0]);
                  }
                });
    self[0] = new Running(arrival, downstream, thread);
    running.add(self[0]);
    downstream.whenGone(thread::interrupt);
    thread.start();
    return true;
  }

  private static void refuse(
      Parts parts, Arrival arrival, HttpServerResponse response, ApiError error) {
    parts.rejected().accept(Rejection.reason(error));
    ErrorAnswers.send(response, error.withSuffix(" (" + arrival.id() + ")"));
  }

  private static void run(
      Parts parts, Arrival arrival, Downstream downstream, HttpServerResponse response) {
    Account account = new Account(parts, arrival);
    boolean relayed;
    try {
      relayed = relayed(parts, arrival);
    } catch (InterruptedException e) {
      account.clientLeft(downstream.status(), 0); // before anything was asked
      return;
    } catch (RuntimeException e) {
      account.bug(e);
      ApiError error = OwnErrors.bug();
      account.close(error.status(), Outcomes.of(error), null, 0);
      arrival.loop().run(() -> downstream.fail(error));
      return;
    }
    if (relayed) {
      new RelayTurn(parts, arrival, downstream, response, account).run();
    } else {
      new Turn(parts, arrival, downstream, account).run();
    }
  }

  /** What Ollama cannot be asked natively, or what an OpenAI client wants untouched, is relayed. */
  private static boolean relayed(Parts parts, Arrival arrival) throws InterruptedException {
    return switch (arrival.endpoint()) {
      case EMBEDDINGS -> true;
      case CHAT -> arrival.bypass() && isJson(arrival) && isOpenAi(parts);
      case COMPLETION -> isJson(arrival) && isOpenAi(parts);
    };
  }

  /** Nobody is asked anything, not even what it is, for a body that is refused anyway. */
  private static boolean isJson(Arrival arrival) {
    return Body.parse(arrival.body()) instanceof Parsed.Good<Body>;
  }

  private static boolean isOpenAi(Parts parts) throws InterruptedException {
    return parts.server().reach() instanceof ModelServer.Reached.Is(var _, boolean ollama)
        && !ollama;
  }

  private void leave() {
    if (inFlight.decrementAndGet() == 0 && stopping) {
      drained.countDown();
    }
  }

  /**
   * Lets no more turns in and waits for those under way; what is not over in time is ended with an
   * honest error. When this returns all have handed over their rows.
   */
  public void drain(Duration limit) throws InterruptedException {
    stopping = true;
    if (inFlight.get() > 0 && !drained.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      running.forEach(turn -> turn.arrival().loop().run(turn::abandon));
      boolean all = drained.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
      LOG.atInfo().addKeyValue("all", all).log("ended the requests that were still under way");
    }
    for (Running turn : running) {
      turn.thread().join(Duration.ofSeconds(LAST_WORDS_SECONDS));
    }
  }
}
