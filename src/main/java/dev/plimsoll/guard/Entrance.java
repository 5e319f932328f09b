package dev.plimsoll.guard;

import dev.plimsoll.config.Config;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All that stands before the routes of one port on one event loop. */
public final class Entrance {
  private static final int MAX_HEADERS_BYTES = 16 * 1024;
  private static final int MAX_REQUEST_LINE_BYTES = 8 * 1024;

  private final Port port;
  private final Supplier<Rules> rules;
  private final RequestWatch watch;
  private final Connections connections;
  private final Refusals refusals;
  private final Bodies bodies;

  private Entrance(Vertx vertx, Port port, Supplier<Rules> rules, RequestWatch watch) {
    this.port = port;
    this.rules = rules;
    this.watch = watch;
    this.connections = new Connections(vertx, port, rules, watch);
    this.refusals = new Refusals(port, connections, watch);
    this.bodies = new Bodies(vertx, port, rules, connections, refusals);
  }

  /**
   * The entrance of the agents' port; the configuration is asked anew for each request.
   *
   * @param watch is told of every request
   */
  public static Entrance forAgents(
      Vertx vertx, Port port, Supplier<Config> config, RequestWatch watch) {
    return new Entrance(vertx, port, new Compiled(config, Rules::forAgents), watch);
  }

  /** The entrance of the operators' port; the configuration is asked anew for each request. */
  public static Entrance forOperators(Vertx vertx, Port port, Supplier<Config> config) {
    return new Entrance(vertx, port, new Compiled(config, Rules::forOperators), RequestWatch.NONE);
  }

  /** How a server must be set for what stands here to be enough: HTTP/1 only, small heads. */
  public static HttpServerOptions options() {
    return new HttpServerOptions()
        .setMaxHeaderSize(MAX_HEADERS_BYTES)
        .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(false);
  }

  /** Puts itself before the routes of a server that does not listen yet. */
  public void guard(HttpServer server, Handler<HttpServerRequest> routes) {
    Guard guard = new Guard(port, rules, connections, refusals, watch, routes);
    server.connectionHandler(connections::opened);
    server.invalidRequestHandler(guard::invalid);
    server.requestHandler(guard);
  }

  /** Turns requests away that came in but are not served. */
  public Refusals refusals() {
    return refusals;
  }

  /** Reads the bodies of requests that came in. */
  public Bodies bodies() {
    return bodies;
  }

  /** The rules of the configuration in force, made anew only when that has changed. */
  private static final class Compiled implements Supplier<Rules> {
    private final Supplier<Config> config;
    private final Function<Config, Rules> make;
    private @Nullable Config of;
    private @Nullable Rules rules;

    Compiled(Supplier<Config> config, Function<Config, Rules> make) {
      this.config = config;
      this.make = make;
    }

    @Override
    public Rules get() {
      Config now = config.get();
      Rules known = rules;
      if (known == null || !now.equals(of)) {
        of = now;
        known = make.apply(now);
        rules = known;
      }
      return known;
    }
  }
}
