package dev.plimsoll.http;

import dev.plimsoll.chat.Body;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.guard.Bodies;
import dev.plimsoll.guard.Refusals;
import dev.plimsoll.metrics.RejectReason;
import dev.plimsoll.recover.RecoveryPolicy;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.turn.Downstream;
import dev.plimsoll.turn.Parts;
import dev.plimsoll.turn.Rejection;
import dev.plimsoll.turn.RelayTurn;
import dev.plimsoll.turn.RelayedHeaders;
import dev.plimsoll.upstream.Loop;
import dev.plimsoll.upstream.ModelServer;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ollama's routes that change models: closed, unless {@code upstream.allow-management} opens them.
 */
final class ManagementRoutes {
  private static final String BLOBS = "/api/blobs/";
  private static final List<String> PATHS =
      List.of("/api/pull", "/api/push", "/api/create", "/api/delete", "/api/copy", BLOBS + "*");

  private final Supplier<Parts> parts;
  private final Loop loop;
  private final Bodies bodies;
  private final Refusals refusals;

  ManagementRoutes(Supplier<Parts> parts, Loop loop, Bodies bodies, Refusals refusals) {
    this.parts = parts;
    this.loop = loop;
    this.bodies = bodies;
    this.refusals = refusals;
  }

  void mount(Router router) {
    for (String path : PATHS) {
      router.route(path).handler(this::handle);
    }
  }

  private void handle(RoutingContext context) {
    if (!parts.get().config().upstream().allowManagement()) {
      refusals.answer(context.request(), RejectReason.MANAGEMENT, RelayTurn.managementDisabled());
      return;
    }
    bodies.read(context.request(), body -> check(context, body));
  }

  /** Layers of a model are no JSON, all other bodies are; they may be large, so not on the loop. */
  private void check(RoutingContext context, byte[] body) {
    boolean layer = String.valueOf(context.request().path()).startsWith(BLOBS);
    if (layer || body.length == 0) {
      pass(context, body);
      return;
    }
    Thread.ofVirtual()
        .name("plimsoll-management")
        .start(
            () -> {
              Parsed<Body> parsed = Body.parse(body);
              loop.run(() -> judge(context, body, parsed));
            });
  }

  private void judge(RoutingContext context, byte[] body, Parsed<Body> parsed) {
    if (context.response().closed()) {
      return; // nobody waits for it any more, so nothing is to be changed for them
    }
    switch (parsed) {
      case Parsed.Bad(var error) ->
          refusals.answer(context.request(), Rejection.reason(error), error);
      case Parsed.Good(_) -> pass(context, body);
    }
  }

  private void pass(RoutingContext context, byte[] body) {
    Parts now = parts.get();
    Downstream downstream =
        new Downstream(loop, context.request(), now.patience(), now.clock(), () -> {});
    downstream.current(
        now.server()
            .relay(
                loop,
                context.request().method(),
                String.valueOf(context.request().path()),
                body,
                context.request().headers(),
                new Passage(context, downstream)));
  }

  private record Passage(RoutingContext context, Downstream downstream)
      implements ModelServer.RelayListener {
    @Override
    public void head(int status, MultiMap headers) {
      context.response().setStatusCode(status);
      RelayedHeaders.copy(headers, context.response());
    }

    @Override
    public void bytes(Buffer bytes) {
      downstream.relay(bytes);
    }

    @Override
    public void end(@Nullable UpstreamFailure failure) {
      downstream.current(null);
      if (failure == null) {
        downstream.endRelayed();
      } else {
        downstream.fail(RecoveryPolicy.giveUp(failure, 0, 1));
      }
    }
  }
}
