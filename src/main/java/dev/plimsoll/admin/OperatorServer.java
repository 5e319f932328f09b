package dev.plimsoll.admin;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The operators' port, on an event loop of its own, so that nobody who looks slows an agent down.
 */
public final class OperatorServer extends VerticleBase {
  private static final int IDLE_SECONDS = 75;

  private final AdminRoutes routes;
  private final MetricsRoute metrics;
  private final String host;
  private final int port;
  private @Nullable HttpServer server;

  /** A server of these routes. */
  public OperatorServer(AdminRoutes routes, MetricsRoute metrics, String host, int port) {
    this.routes = routes;
    this.metrics = metrics;
    this.host = host;
    this.port = port;
  }

  @Override
  public Future<?> start() {
    Router router = Router.router(vertx);
    routes.mount(router);
    metrics.mount(router);
    routes.mountErrors(router);
    HttpServer made =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setIdleTimeout(IDLE_SECONDS));
    server = made;
    return made.requestHandler(router).listen(port, host);
  }

  /** The port that is really bound; 0 before the start. */
  public int port() {
    HttpServer started = server;
    return started == null ? 0 : started.actualPort();
  }
}
