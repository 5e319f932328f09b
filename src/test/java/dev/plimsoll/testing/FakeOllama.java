package dev.plimsoll.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A model server on the loopback interface whose every byte is scripted.
 *
 * <pre>{@code
 * try (FakeOllama ollama = FakeOllama.start()) {
 *   ollama.enqueue(Answer.text("Hel", "lo").with(new Fault.CutAfter(100, Fault.How.RST)));
 *   ...  // talk to ollama.uri()
 *   Exchange exchange = ollama.awaitExchange(0, Duration.ofSeconds(5));
 *   exchange.awaitAbort(Duration.ofSeconds(5));
 * }
 * }</pre>
 *
 * <p>A reply is looked for in the queue of the route, the queue for all routes on which a model
 * speaks, the function of the route, the function for all. Requests that the real server refuses
 * (unknown model, no JSON), that only load a model or that only render a prompt take no reply.
 * Memory is bounded: of the exchanges only the last {@link Builder#remember} are kept, counters
 * count them all.
 */
public final class FakeOllama implements AutoCloseable {
  private static final int BACKLOG = 4096;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  private final Dialect dialect;
  private final ServerSocket listener;
  private final LoadedModels models;
  private final Replies replies = new Replies();
  private final Dispatch dispatch;
  private final int remember;
  private final int sendBuffer;

  private final Map<Connection, Thread> connections = new ConcurrentHashMap<>();
  private final AtomicLong connectionCount = new AtomicLong();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger runningMax = new AtomicInteger();
  private final Deque<Exchange> exchanges = new ArrayDeque<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final Thread accepting;
  private long exchangeCount;
  private volatile boolean closing;

  private FakeOllama(Builder builder) throws IOException {
    dialect = builder.dialect;
    remember = builder.remember;
    sendBuffer = builder.sendBuffer;
    models = new LoadedModels(dialect, builder.models, builder.defaultContext, builder.loadTime);
    Catalogue catalogue = new Catalogue(dialect, models, builder.defaultContext, builder.counts);
    dispatch = new Dispatch(dialect, models, catalogue, replies);
    listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), builder.port), BACKLOG);
    accepting =
        Thread.ofVirtual().name("fake-accept-", listener.getLocalPort()).unstarted(this::accept);
  }

  /** Says what kind of server it is, before it starts. */
  public static final class Builder {
    private Dialect dialect = Dialect.OLLAMA_033;
    private final List<FakeModel> models = new ArrayList<>();
    private int defaultContext = 4096;
    private Duration loadTime = Duration.ZERO;
    private int remember = 1000;
    private int sendBuffer;
    private int port;
    private boolean counts;

    private Builder() {}

    public Builder dialect(Dialect value) {
      dialect = value;
      return this;
    }

    /** One more model; without any there is {@code test:latest}. */
    public Builder model(FakeModel model) {
      models.add(model);
      return this;
    }

    /** The window of a model whose Modelfile and request say none; llama-server's n_ctx. */
    public Builder defaultContext(int tokens) {
      defaultContext = tokens;
      return this;
    }

    /** How long a load or reload takes. */
    public Builder loadTime(Duration value) {
      loadTime = value;
      return this;
    }

    /** As llama-server, it counts and renders for who asks ({@link WordTokens}). */
    public Builder counts() {
      counts = true;
      return this;
    }

    /** How many exchanges are kept for the test to look at. */
    public Builder remember(int value) {
      remember = value;
      return this;
    }

    /** A small socket buffer lets back pressure show early; 0 leaves it to the system. */
    public Builder sendBuffer(int bytes) {
      sendBuffer = bytes;
      return this;
    }

    /** A fixed port, to come back on after {@link FakeOllama#close}; 0 takes a free one. */
    public Builder port(int value) {
      port = value;
      return this;
    }

    public FakeOllama start() {
      if (models.isEmpty()) {
        models.add(FakeModel.named("test:latest"));
      }
      try {
        FakeOllama fake = new FakeOllama(this);
        fake.accepting.start();
        return fake;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Ollama as of today with the one model {@code test:latest}. */
  public static FakeOllama start() {
    return builder().start();
  }

  public int port() {
    return listener.getLocalPort();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  public Dialect dialect() {
    return dialect;
  }

  /** The next replies of whatever route on which a model speaks. */
  public FakeOllama enqueue(Reply... next) {
    for (Reply reply : next) {
      replies.enqueue(reply);
    }
    return this;
  }

  /** The next replies of one route; an answer means nothing where no model speaks, a fault does. */
  public FakeOllama enqueue(Route route, Reply... next) {
    for (Reply reply : next) {
      replies.enqueue(route, reply);
    }
    return this;
  }

  /** What happens on a route when no queue has a reply. */
  public FakeOllama reply(Route route, Function<RecordedRequest, Reply> function) {
    replies.always(route, function);
    return this;
  }

  /** What happens on all routes on which a model speaks when nothing else is said. */
  public FakeOllama reply(Function<RecordedRequest, Reply> function) {
    replies.otherwise(function);
    return this;
  }

  /** How many queued replies nobody has asked for. */
  public int unusedReplies() {
    return replies.waiting();
  }

  /** How often a model was loaded or reloaded. */
  public long loads() {
    return models.loads();
  }

  /** All runners are gone, as after a crash; the next request loads again. */
  public void crashRunners() {
    models.crash();
  }

  /** The requests that are still remembered, oldest first. */
  public List<RecordedRequest> requests() {
    return exchanges().stream().map(Exchange::request).toList();
  }

  /** The requests of one route that are still remembered. */
  public List<RecordedRequest> requests(Route route) {
    return requests().stream().filter(request -> request.path().equals(route.path())).toList();
  }

  public List<Exchange> exchanges() {
    synchronized (exchanges) {
      return List.copyOf(exchanges);
    }
  }

  /** How many requests ever came. */
  public long requestCount() {
    synchronized (exchanges) {
      return exchangeCount;
    }
  }

  /** The exchange of that index, counted from 0 over all routes; waits until its request came. */
  public Exchange awaitExchange(int index, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    synchronized (exchanges) {
      while (exchangeCount <= index) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError("only " + exchangeCount + " requests within " + limit);
        }
        try {
          exchanges.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      }
      long forgotten = exchangeCount - exchanges.size();
      if (index < forgotten) {
        throw new IllegalArgumentException("exchange " + index + " is no longer remembered");
      }
      return List.copyOf(exchanges).get((int) (index - forgotten));
    }
  }

  public int openConnections() {
    return connections.size();
  }

  /** How many connections were ever accepted. */
  public long connectionCount() {
    return connectionCount.get();
  }

  /** How many exchanges that a model answers run now. */
  public int concurrent() {
    return running.get();
  }

  /** How many such exchanges ever ran at once. */
  public int concurrentMax() {
    return runningMax.get();
  }

  /** What a test's own reply functions threw; such a request got a status 500. */
  public List<Throwable> failures() {
    synchronized (failures) {
      return List.copyOf(failures);
    }
  }

  /** An exchange for a request; one that a model answers counts as running from here on. */
  Exchange exchange(RecordedRequest request) {
    if (!Route.of(request.path(), dialect).filter(Route::generates).isPresent()) {
      return new Exchange(request, () -> {});
    }
    runningMax.accumulateAndGet(running.incrementAndGet(), Math::max);
    return new Exchange(request, running::decrementAndGet);
  }

  void begin(Exchange exchange) {
    synchronized (exchanges) {
      exchangeCount++;
      exchanges.addLast(exchange);
      while (exchanges.size() > remember) {
        exchanges.removeFirst();
      }
      exchanges.notifyAll();
    }
  }

  Script script(RecordedRequest request) {
    try {
      return dispatch.script(request);
    } catch (RuntimeException e) {
      synchronized (failures) {
        failures.add(e);
      }
      return Script.whole(500, "text/plain", Body.of("the fake's own script failed: " + e));
    }
  }

  private void accept() {
    while (!closing) {
      try {
        Socket socket = listener.accept();
        if (sendBuffer > 0) {
          socket.setSendBufferSize(sendBuffer);
        }
        open(socket);
      } catch (IOException e) {
        // Closed, or a client that was gone before it was accepted.
      }
    }
  }

  private void open(Socket socket) {
    long number = connectionCount.incrementAndGet();
    Connection connection = new Connection(socket, number, this);
    Thread thread =
        Thread.ofVirtual()
            .name("fake-connection-", number)
            .unstarted(
                () -> {
                  try {
                    connection.serve();
                  } finally {
                    connections.remove(connection);
                  }
                });
    connections.put(connection, thread);
    thread.start();
  }

  /** Ends every connection and thread; an {@link IllegalStateException} when one will not end. */
  @Override
  public void close() {
    closing = true;
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    join(accepting);
    // The accepting thread has ended, so no connection can be added any more.
    Map.copyOf(connections)
        .forEach(
            (connection, thread) -> {
              connection.close();
              join(thread);
            });
  }

  private static void join(Thread thread) {
    try {
      if (!thread.join(CLOSE_LIMIT)) {
        throw new IllegalStateException(thread.getName() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
