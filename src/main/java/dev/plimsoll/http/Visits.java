package dev.plimsoll.http;

import dev.plimsoll.guard.RequestWatch;
import dev.plimsoll.ledger.Outcome;
import dev.plimsoll.metrics.Metrics;
import dev.plimsoll.metrics.Route;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sees to it that every request of one event loop is counted once: one that a turn takes by that
 * turn's account, every other when its answer has been written or its client has gone.
 */
final class Visits implements RequestWatch {
  private final Metrics metrics;

  /** By their responses: a router wraps requests, and the wrapper is not the request. */
  private final Map<HttpServerResponse, Visit> open = new HashMap<>();

  /** A request that has not been counted. */
  private record Visit(HttpServerRequest request, boolean refused) {
    Route route() {
      String path = request.path();
      return path == null ? Route.OTHER : Route.of(path);
    }

    /** Nothing but the status is known of what was answered. */
    Outcome outcome(int status) {
      if (status == 429 || status == 503) {
        return Outcome.SHED;
      }
      if (status >= 400) {
        return refused ? Outcome.REJECTED : failure(status);
      }
      return Outcome.OK;
    }

    private static Outcome failure(int status) {
      if (status == 504) {
        return Outcome.TIMEOUT;
      }
      return status >= 500 ? Outcome.UPSTREAM_ERROR : Outcome.CLIENT_ERROR;
    }
  }

  Visits(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void begun(HttpServerRequest request) {
    open.put(request.response(), new Visit(request, false));
  }

  @Override
  public void refused(HttpServerRequest request) {
    open.replace(request.response(), new Visit(request, true));
  }

  /** A turn has taken the request of this response, and counts it. */
  void taken(HttpServerResponse response) {
    open.remove(response);
  }

  @Override
  public void answered(HttpServerRequest request) {
    Visit visit = open.remove(request.response());
    if (visit != null) {
      int status = request.response().getStatusCode();
      metrics.request(visit.route(), status, visit.outcome(status));
    }
  }

  @Override
  public void gone(HttpConnection connection) {
    List<Visit> left =
        open.values().stream()
            .filter(visit -> visit.request().connection().equals(connection))
            .toList();
    for (Visit visit : left) {
      open.remove(visit.request().response());
      metrics.request(visit.route(), Outcome.NOBODY_TO_TELL, Outcome.CLIENT_CLOSED);
    }
  }
}
