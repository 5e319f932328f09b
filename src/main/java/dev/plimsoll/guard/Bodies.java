package dev.plimsoll.guard;

import dev.plimsoll.json.Utf8;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Gives routes the bodies of their requests, whole or not at all. For one event loop only. */
public final class Bodies {
  private final Vertx vertx;
  private final Port port;
  private final Supplier<Rules> rules;
  private final Connections connections;
  private final Refusals refusals;

  Bodies(
      Vertx vertx, Port port, Supplier<Rules> rules, Connections connections, Refusals refusals) {
    this.vertx = vertx;
    this.port = port;
    this.rules = rules;
    this.connections = connections;
    this.refusals = refusals;
  }

  /**
   * Reads a body; it is handed over without a byte order mark. If it is refused, that has been
   * answered, and if the client leaves, nothing is called.
   */
  public void read(HttpServerRequest request, Consumer<byte[]> whole) {
    Peer peer = connections.of(request.connection());
    if (peer == null || peer.refused()) {
      return;
    }
    BodyReader reader =
        new BodyReader(
            vertx,
            peer,
            port.bodies(),
            rules.get().limits(),
            bytes -> whole.accept(Utf8.withoutMark(bytes)),
            refusal -> refusals.dismiss(request, refusal));
    reader.start(request);
    if (!peer.refused() && waits(request)) {
      request.response().writeContinue();
    }
  }

  /** Whether the client sends its body only when it is told that it may. */
  private static boolean waits(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_1_1 && request.headers().contains("expect");
  }
}
