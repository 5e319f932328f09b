package dev.plimsoll.admin;

import dev.plimsoll.ledger.Ledger;
import dev.plimsoll.ledger.Rows;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The admin routes on a real port, for tests. */
public final class AdminServer implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;

  /** Listens on a free port; it is a minute after {@link Rows#NOON} there. */
  public AdminServer(Ledger ledger) throws Exception {
    this(ledger, new HealthRoutes(List.of(), List.of()));
  }

  /** The same with these answers about health. */
  AdminServer(Ledger ledger, HealthRoutes health) throws Exception {
    Router router = Router.router(vertx);
    AdminRoutes routes =
        new AdminRoutes(ledger, InstantSource.fixed(Rows.NOON.plusSeconds(60)), _ -> {});
    routes.mount(router);
    health.mount(router, routes::methodNotAllowed);
    routes.mountErrors(router);
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  /** Where it listens. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
