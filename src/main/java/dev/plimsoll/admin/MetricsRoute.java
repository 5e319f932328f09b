package dev.plimsoll.admin;

import dev.plimsoll.metrics.Exposition;
import dev.plimsoll.metrics.Metrics;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * {@code GET /metrics}: Prometheus' text, or OpenMetrics for whoever prefers that.
 *
 * <p>Writing them reads files of the system and looks at every meter, so it is done on a virtual
 * thread and not on the loop.
 */
public final class MetricsRoute {
  private static final String PATH = "/metrics";

  private final Metrics metrics;
  private final UpstreamCheck upstream;

  /** The route to these; a scrape also lets the upstream be looked at, for the next one. */
  public MetricsRoute(Metrics metrics, UpstreamCheck upstream) {
    this.metrics = metrics;
    this.upstream = upstream;
  }

  /** Adds the path; other methods than GET and HEAD are {@code otherwise}'s. */
  void mount(Router router, Handler<RoutingContext> otherwise) {
    router.route(PATH).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::scrape);
    router.route(PATH).handler(otherwise);
  }

  private void scrape(RoutingContext context) {
    upstream.refresh();
    Exposition form = wanted(context.parsedHeaders().accept());
    boolean headOnly = context.request().method().equals(HttpMethod.HEAD);
    HttpServerResponse response = context.response();
    Context loop = context.vertx().getOrCreateContext();
    Thread.ofVirtual()
        .name("plimsoll-metrics")
        .start(
            () -> {
              try {
                byte[] text = metrics.scrape(form);
                loop.runOnContext(_ -> send(response, form, text, headOnly));
              } catch (RuntimeException e) {
                loop.runOnContext(_ -> context.fail(e));
              }
            });
  }

  private static void send(
      HttpServerResponse response, Exposition form, byte[] text, boolean headOnly) {
    if (response.ended() || response.closed()) {
      return;
    }
    response.putHeader("content-type", form.contentType());
    response.putHeader("cache-control", "no-store");
    if (headOnly) {
      response.putHeader("content-length", Integer.toString(text.length)).end();
    } else {
      response.end(Buffer.buffer(text));
    }
  }

  /** OpenMetrics only for those who name it and want it no less than plain text. */
  static Exposition wanted(List<MIMEHeader> accept) {
    float open = 0;
    float text = 0;
    for (MIMEHeader range : accept) {
      String type = range.component() + "/" + range.subComponent();
      if (type.equals("application/openmetrics-text")) {
        open = Math.max(open, range.weight());
      } else if (type.equals("text/plain")) {
        text = Math.max(text, range.weight());
      }
    }
    return open > 0 && open >= text ? Exposition.OPEN_METRICS : Exposition.TEXT;
  }
}
