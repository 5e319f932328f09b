package dev.plimsoll.admin;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.ledger.Cursor;
import dev.plimsoll.ledger.Ledger;
import dev.plimsoll.ledger.LedgerUnreadable;
import dev.plimsoll.ledger.SessionQuery;
import dev.plimsoll.metrics.RejectReason;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the operators' paths under {@code /api}: what is in the ledger. */
public final class AdminRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);

  private static final Answer NO_SESSION =
      Answer.of(
          ApiError.of(
              ErrorCode.NOT_FOUND,
              "There is no session of this id: GET /api/v1/sessions lists them; an agent's own id"
                  + " is found by /api/v1/sessions?client=ID."));
  private static final Answer NO_REQUEST =
      Answer.of(
          ApiError.of(
              ErrorCode.NOT_FOUND,
              "There is no request of this id: it never was, or its row is no longer kept."));

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

  /** Looks at a request, and gives what must be asked to answer it. */
  @FunctionalInterface
  private interface Route {
    Question question(RoutingContext context) throws BadParameter;
  }

  /** Reads the ledger, which takes as long as a disk: not on the event loop. */
  @FunctionalInterface
  private interface Question {
    Answer ask() throws LedgerUnreadable;
  }

  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Answer(int status, byte[] json) {
    static Answer of(byte[] json) {
      return new Answer(200, json);
    }

    static Answer of(ApiError error) {
      return new Answer(error.status(), error.toJson());
    }
  }

  /** Adds the paths; other paths of the router stay its owner's. */
  public void mount(Router router) {
    read(router, "/api/v1/sessions", this::sessions);
    read(router, "/api/v1/sessions/:id", this::session);
    read(router, "/api/v1/sessions/:id/requests", this::requests);
    read(router, "/api/v1/requests/:id", this::request);
    read(router, "/api/v1/totals", _ -> () -> Answer.of(TotalsJson.of(ledger.totals())));
    get(router, "/api/v1/export", checked(this::export));
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

  private void get(Router router, String path, Handler<RoutingContext> handler) {
    router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(handler);
    router.route(path).handler(this::methodNotAllowed);
  }

  private void read(Router router, String path, Route route) {
    get(router, path, checked(context -> answer(context, route.question(context))));
  }

  /** Something that may find its query wanting. */
  @FunctionalInterface
  private interface Checked {
    void handle(RoutingContext context) throws BadParameter;
  }

  private Handler<RoutingContext> checked(Checked handler) {
    return context -> {
      try {
        handler.handle(context);
      } catch (BadParameter e) {
        refuse(context, RejectReason.INVALID, ApiError.invalid(e.parameter(), e.words()));
      }
    };
  }

  private void export(RoutingContext context) throws BadParameter {
    new ExportRoute(ledger).export(context, new PageParameters(context.queryParams()).format());
  }

  private static void answer(RoutingContext context, Question question) {
    context
        .vertx()
        .executeBlocking(question::ask, false)
        .onComplete(
            asked -> {
              if (asked.succeeded()) {
                send(context, asked.result().status(), asked.result().json());
              } else if (asked.cause() instanceof LedgerUnreadable unreadable) {
                send(
                    context,
                    ApiError.of(ErrorCode.SERVER_ERROR, String.valueOf(unreadable.getMessage())));
              } else {
                context.fail(asked.cause());
              }
            });
  }

  private Question sessions(RoutingContext context) throws BadParameter {
    PageParameters wanted = new PageParameters(context.queryParams());
    SessionQuery query =
        new SessionQuery(wanted.limit(), wanted.cursor(), wanted.activity(clock), wanted.client());
    return () -> Answer.of(SessionJson.sessions(ledger.sessions(query)));
  }

  private Question session(RoutingContext context) {
    String id = id(context);
    return () ->
        ledger.session(id).map(row -> Answer.of(SessionJson.session(row))).orElse(NO_SESSION);
  }

  private Question requests(RoutingContext context) throws BadParameter {
    PageParameters wanted = new PageParameters(context.queryParams());
    int limit = wanted.limit();
    Cursor cursor = wanted.cursor();
    String id = id(context);
    return () ->
        ledger.session(id).isEmpty()
            ? NO_SESSION
            : Answer.of(SessionJson.requests(ledger.requests(id, limit, cursor)));
  }

  private Question request(RoutingContext context) {
    String id = id(context);
    return () ->
        ledger.request(id).map(row -> Answer.of(SessionJson.request(row))).orElse(NO_REQUEST);
  }

  /** A path without the parameter does not reach its route. */
  private static String id(RoutingContext context) {
    String id = context.pathParam("id");
    return id == null ? "" : id;
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
