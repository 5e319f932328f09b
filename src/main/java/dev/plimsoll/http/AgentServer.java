package dev.plimsoll.http;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.Listen;
import dev.plimsoll.metrics.Metrics;
import dev.plimsoll.metrics.RejectReason;
import dev.plimsoll.turn.Parts;
import dev.plimsoll.turn.Turns;
import dev.plimsoll.upstream.Loop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One event loop of the agents' port: its listener, its routes, and its own upstream client. */
public final class AgentServer extends VerticleBase {
  private static final int MAX_HEADERS_BYTES = 16 * 1024;
  private static final int MAX_REQUEST_LINE_BYTES = 8 * 1024;

  /** Shorter than the keep-alive of the servers that hang up first (uvicorn: 5 s). */
  private static final int UPSTREAM_KEEP_ALIVE_SECONDS = 4;

  /** One connection a stream: {@code listen.max-in-flight}, which may be reloaded, is the limit. */
  private static final int MAX_UPSTREAM_STREAMS = 100_000;

  private final Supplier<Parts> parts;
  private final Turns turns;
  private final Supplier<String> requestIds;
  private final AtomicInteger connections;
  private @Nullable HttpServer server;

  /**
   * Makes one of several that share a port.
   *
   * @param parts what turns are made with, asked anew for each request
   * @param turns starts and counts the requests of all loops
   * @param requestIds gives unique ids
   * @param connections counts the connections of all loops
   */
  public AgentServer(
      Supplier<Parts> parts, Turns turns, Supplier<String> requestIds, AtomicInteger connections) {
    this.parts = parts;
    this.turns = turns;
    this.requestIds = requestIds;
    this.connections = connections;
  }

  @Override
  public Future<?> start() {
    Config config = parts.get().config();
    Context context = vertx.getOrCreateContext();
    Loop loop = new Loop(vertx, context, client());
    HttpServer made = vertx.createHttpServer(options());
    server = made;
    Connections register = new Connections(vertx, connections, parts.get().clock().nanoTime());
    Metrics metrics = parts.get().metrics();
    Visits visits = new Visits(metrics);
    LoopLag.watch(vertx, parts.get().clock().nanoTime(), metrics);
    made.connectionHandler(
        connection -> {
          Listen limits = parts.get().config().listen();
          boolean stays =
              register.opened(
                  connection,
                  limits.maxConnections(),
                  limits.idleTimeout(),
                  () -> visits.gone(connection));
          if (!stays) {
            metrics.rejected(RejectReason.CONNECTIONS);
          }
        });
    Router router = new AgentRoutes(parts, turns, visits, loop, requestIds).router();
    made.requestHandler(
        request -> {
          visits.begin(request);
          register.begin(request, () -> visits.answered(request));
          router.handle(request);
        });
    return made.listen(config.listen().port(), config.listen().host());
  }

  /** The port that is really bound; 0 before the start. */
  public int port() {
    HttpServer started = server;
    return started == null ? 0 : started.actualPort();
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setMaxHeaderSize(MAX_HEADERS_BYTES)
        .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(true);
  }

  private HttpClient client() {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setKeepAliveTimeout(UPSTREAM_KEEP_ALIVE_SECONDS)
            .setDecompressionSupported(false),
        new PoolOptions()
            .setHttp1MaxSize(MAX_UPSTREAM_STREAMS)
            .setMaxWaitQueueSize(MAX_UPSTREAM_STREAMS));
  }
}
