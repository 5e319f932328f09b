package dev.plimsoll.http;

import dev.plimsoll.config.Config;
import dev.plimsoll.guard.Entrance;
import dev.plimsoll.guard.Port;
import dev.plimsoll.metrics.Metrics;
import dev.plimsoll.turn.Parts;
import dev.plimsoll.turn.Turns;
import dev.plimsoll.upstream.Loop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.PoolOptions;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One event loop of the agents' port: its listener, its routes, and its own upstream client. */
public final class AgentServer extends VerticleBase {
  /** Shorter than the keep-alive of the servers that hang up first (uvicorn: 5 s). */
  private static final int UPSTREAM_KEEP_ALIVE_SECONDS = 4;

  /** One connection a stream: {@code listen.max-in-flight}, which may be reloaded, is the limit. */
  private static final int MAX_UPSTREAM_STREAMS = 100_000;

  private final Supplier<Parts> parts;
  private final Turns turns;
  private final Port port;
  private volatile @Nullable HttpServer server;
  private volatile @Nullable Context loop;

  /**
   * Makes one of several that share a port.
   *
   * @param parts what turns are made with, asked anew for each request
   * @param turns starts and counts the requests of all loops
   * @param port what all loops of the port share
   */
  public AgentServer(Supplier<Parts> parts, Turns turns, Port port) {
    this.parts = parts;
    this.turns = turns;
    this.port = port;
  }

  @Override
  public Future<?> start() {
    Config config = parts.get().config();
    Context context = vertx.getOrCreateContext();
    loop = context;
    Loop own = new Loop(vertx, context, client());
    HttpServer made = vertx.createHttpServer(Entrance.options());
    server = made;
    Metrics metrics = parts.get().metrics();
    LoopLag.watch(vertx, parts.get().clock().nanoTime(), metrics);
    Visits visits = new Visits(metrics);
    Entrance entrance = Entrance.forAgents(vertx, port, () -> parts.get().config(), visits);
    entrance.guard(made, new AgentRoutes(parts, turns, visits, own, entrance).router());
    return made.listen(config.listen().port(), config.listen().host());
  }

  /** The event loop, once it has started. */
  public Optional<Context> loop() {
    return Optional.ofNullable(loop);
  }

  /** The port that is really bound; 0 before the start. */
  public int port() {
    HttpServer started = server;
    return started == null ? 0 : started.actualPort();
  }

  private HttpClient client() {
    return vertx
        .httpClientBuilder()
        .with(
            new HttpClientOptions()
                .setKeepAliveTimeout(UPSTREAM_KEEP_ALIVE_SECONDS)
                .setDecompressionSupported(false))
        .with(
            new PoolOptions()
                .setHttp1MaxSize(MAX_UPSTREAM_STREAMS)
                .setMaxWaitQueueSize(MAX_UPSTREAM_STREAMS))
        // Whoever uses a connection is told that it broke; left alone, Vert.x logs an error as
        // well.
        .withConnectHandler(connection -> connection.exceptionHandler(_ -> {}))
        .build();
  }
}
