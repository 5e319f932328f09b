package dev.plimsoll.admin;

import dev.plimsoll.json.JsonOut;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * {@code GET /health/live}: whether the program does its work, or must be started anew. {@code GET
 * /health/ready}: whether requests can be answered now. Both give 503 when a part is down, and say
 * which; looking never costs a generation.
 */
public final class HealthRoutes {
  private final List<Check.Look> live;
  private final List<Check.Look> ready;

  /** Routes that look at these parts. */
  public HealthRoutes(List<Check.Look> live, List<Check.Look> ready) {
    this.live = List.copyOf(live);
    this.ready = List.copyOf(ready);
  }

  /** Adds the paths; other methods than GET and HEAD are {@code otherwise}'s. */
  void mount(Router router, Handler<RoutingContext> otherwise) {
    mount(router, "/health/live", live, otherwise);
    mount(router, "/health/ready", ready, otherwise);
  }

  private static void mount(
      Router router, String path, List<Check.Look> parts, Handler<RoutingContext> otherwise) {
    router
        .route(path)
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(context -> look(context, parts));
    router.route(path).handler(otherwise);
  }

  private static void look(RoutingContext context, List<Check.Look> parts) {
    Context loop = context.vertx().getOrCreateContext();
    Thread.ofVirtual()
        .name("plimsoll-health")
        .start(
            () -> {
              try {
                List<Check> checks = new ArrayList<>(parts.size());
                for (Check.Look part : parts) {
                  checks.add(part.look());
                }
                loop.runOnContext(_ -> send(context, checks));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                loop.runOnContext(_ -> context.fail(e));
              }
            });
  }

  private static void send(RoutingContext context, List<Check> checks) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    Check.Status worst =
        checks.stream().map(Check::status).max(Comparator.naturalOrder()).orElse(Check.Status.UP);
    response.setStatusCode(worst == Check.Status.DOWN ? 503 : 200);
    response.putHeader("content-type", "application/json");
    response.putHeader("cache-control", "no-store");
    byte[] json = json(worst, checks);
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.putHeader("content-length", Integer.toString(json.length)).end();
    } else {
      response.end(Buffer.buffer(json));
    }
  }

  private static byte[] json(Check.Status worst, List<Check> checks) {
    JsonFields fields = new JsonFields(new JsonOut(256));
    fields.begin().text("status", worst.label()).beginArray("checks");
    for (Check check : checks) {
      fields
          .begin()
          .text("name", check.name())
          .text("status", check.status().label())
          .text("detail", check.detail())
          .end();
    }
    return fields.endArray().end().out().toBytes();
  }
}
