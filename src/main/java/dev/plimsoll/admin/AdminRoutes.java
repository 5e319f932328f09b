package dev.plimsoll.admin;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.ledger.Ledger;
import dev.plimsoll.ledger.SessionQuery;
import dev.plimsoll.metrics.RejectReason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the operators' paths under {@code /api}: the sessions and requests of the ledger. */
public final class AdminRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);

  private final Ledger ledger;
  private final InstantSource clock;
  private final Consumer<RejectReason> rejected;

  /**
   * Routes over a ledger.
   *
   * @param clock tells which sessions count as active
   * @param rejected is told of every request that no route takes
   */
  public AdminRoutes(Ledger ledger, InstantSource clock, Consumer<RejectReason> rejected) {
    this.ledger = ledger;
    this.clock = clock;
    this.rejected = rejected;
  }

  /** An answer that may find its query wanting. */
  @FunctionalInterface
  private interface Answer {
    void give(RoutingContext context) throws BadParameter;
  }

  /** Adds the paths; other paths of the router stay its owner's. */
  public void mount(Router router) {
    get(router, "/api/v1/sessions", this::sessions);
    get(router, "/api/v1/sessions/:id", this::session);
    get(router, "/api/v1/sessions/:id/requests", this::requests);
    get(router, "/api/v1/requests/:id", this::request);
  }

  /** Adds the answers for everything that no route took; call it after all routes are there. */
  public void mountErrors(Router router) {
    router.route().last().handler(this::notFound);
    router.errorHandler(404, this::notFound);
    router.errorHandler(500, AdminRoutes::failed);
    router.errorHandler(
        400,
        context ->
            refuse(
                context,
                RejectReason.PATH,
                ApiError.of(ErrorCode.INVALID_REQUEST, "The path or query is malformed.")));
  }

  private void get(Router router, String path, Answer answer) {
    router
        .route(path)
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(
            context -> {
              try {
                answer.give(context);
              } catch (BadParameter e) {
                ApiError wrong = ApiError.invalid(e.parameter(), e.words());
                refuse(context, RejectReason.INVALID, wrong);
              }
            });
    router.route(path).handler(this::methodNotAllowed);
  }

  private void sessions(RoutingContext context) throws BadParameter {
    PageParameters wanted = new PageParameters(context.queryParams());
    SessionQuery query =
        new SessionQuery(wanted.limit(), wanted.cursor(), wanted.activity(clock), wanted.client());
    send(context, 200, SessionJson.sessions(ledger.sessions(query)));
  }

  private void session(RoutingContext context) {
    ledger
        .session(id(context))
        .ifPresentOrElse(
            row -> send(context, 200, SessionJson.session(row)), () -> noSession(context));
  }

  private void requests(RoutingContext context) throws BadParameter {
    PageParameters wanted = new PageParameters(context.queryParams());
    String id = id(context);
    if (ledger.session(id).isEmpty()) {
      noSession(context);
      return;
    }
    send(context, 200, SessionJson.requests(ledger.requests(id, wanted.limit(), wanted.cursor())));
  }

  private void request(RoutingContext context) {
    ledger
        .request(id(context))
        .ifPresentOrElse(
            row -> send(context, 200, SessionJson.request(row)),
            () ->
                send(
                    context,
                    ApiError.of(
                        ErrorCode.NOT_FOUND,
                        "There is no request of this id: it never was, or its row is no longer"
                            + " kept.")));
  }

  /** A path without the parameter does not reach its route. */
  private static String id(RoutingContext context) {
    String id = context.pathParam("id");
    return id == null ? "" : id;
  }

  private static void noSession(RoutingContext context) {
    send(
        context,
        ApiError.of(
            ErrorCode.NOT_FOUND,
            "There is no session of this id: GET /api/v1/sessions lists them; an agent's own id is"
                + " found by /api/v1/sessions?client=ID."));
  }

  private void notFound(RoutingContext context) {
    refuse(
        context,
        RejectReason.PATH,
        ApiError.of(
            ErrorCode.NOT_FOUND,
            "The admin port has no such path; the list of sessions is at /api/v1/sessions."));
  }

  void methodNotAllowed(RoutingContext context) {
    context.response().putHeader("allow", "GET, HEAD");
    refuse(
        context,
        RejectReason.METHOD,
        ApiError.of(ErrorCode.METHOD_NOT_ALLOWED, "This path of the admin port answers only GET."));
  }

  private static void failed(RoutingContext context) {
    LOG.error("The admin port could not answer", context.failure());
    if (!context.response().headWritten()) {
      send(
          context,
          ApiError.of(ErrorCode.SERVER_ERROR, "The admin port failed; Plimsoll's log says how."));
    }
  }

  private void refuse(RoutingContext context, RejectReason reason, ApiError error) {
    rejected.accept(reason);
    send(context, error);
  }

  private static void send(RoutingContext context, ApiError error) {
    send(context, error.status(), error.toJson());
  }

  private static void send(RoutingContext context, int status, byte[] json) {
    HttpServerResponse response = context.response().setStatusCode(status);
    response.putHeader("content-type", "application/json");
    response.putHeader("cache-control", "no-store");
    if (context.request().method().equals(HttpMethod.HEAD)) {
      // Left to itself Vert.x omits the length over HTTP/1 and sends the body over HTTP/2.
      response.putHeader("content-length", Integer.toString(json.length)).end();
    } else {
      response.end(Buffer.buffer(json));
    }
  }
}
