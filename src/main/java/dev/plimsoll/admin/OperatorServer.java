package dev.plimsoll.admin;

import dev.plimsoll.config.Admin;
import dev.plimsoll.config.Config;
import dev.plimsoll.guard.Entrance;
import dev.plimsoll.guard.Port;
import dev.plimsoll.turn.Explaining;
import dev.plimsoll.upstream.Loop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The operators' port, on an event loop of its own, so that nobody who looks slows an agent down.
 */
public final class OperatorServer extends VerticleBase {
  private final AdminRoutes routes;
  private final MetricsRoute metrics;
  private final HealthRoutes health;
  private final Explaining explaining;
  private final Port port;
  private final Supplier<Config> config;
  private @Nullable HttpServer server;

  /**
   * A server of these routes.
   *
   * @param explaining tells what would become of a request
   * @param port what belongs to the port
   * @param config the configuration in force
   */
  public OperatorServer(
      AdminRoutes routes,
      MetricsRoute metrics,
      HealthRoutes health,
      Explaining explaining,
      Port port,
      Supplier<Config> config) {
    this.routes = routes;
    this.metrics = metrics;
    this.health = health;
    this.explaining = explaining;
    this.port = port;
    this.config = config;
  }

  @Override
  public Future<?> start() {
    Router router = Router.router(vertx);
    Entrance entrance = Entrance.forOperators(vertx, port, config);
    Loop own = new Loop(vertx, vertx.getOrCreateContext(), vertx.createHttpClient());
    routes.mount(router);
    new ExplainRoute(explaining, own, entrance).mount(router);
    metrics.mount(router, routes::methodNotAllowed);
    health.mount(router, routes::methodNotAllowed);
    routes.mountErrors(router);
    HttpServer made = vertx.createHttpServer(Entrance.options());
    server = made;
    entrance.guard(made, router);
    Admin admin = config.get().admin();
    return made.listen(admin.port(), admin.host());
  }

  /** The port that is really bound; 0 before the start. */
  public int port() {
    HttpServer started = server;
    return started == null ? 0 : started.actualPort();
  }
}
