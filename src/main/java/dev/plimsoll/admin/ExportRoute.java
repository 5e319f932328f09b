package dev.plimsoll.admin;

import dev.plimsoll.ledger.Cursor;
import dev.plimsoll.ledger.Ledger;
import dev.plimsoll.ledger.Page;
import dev.plimsoll.ledger.RequestRow;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /api/v1/export}: every attempt, oldest request first, page by page: the next one is
 * read when the one before has left, so that the memory it takes does not depend on the ledger.
 *
 * <p>Each page is of one moment. What begins meanwhile is at the end; a request that ends meanwhile
 * is there as it was or as it is. A ledger that cannot be read to its end breaks the answer off.
 */
final class ExportRoute {
  private static final Logger LOG = LoggerFactory.getLogger(ExportRoute.class);
  private static final int REQUESTS_AT_ONCE = 500;

  private final Ledger ledger;

  ExportRoute(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Answers in that format. */
  void export(RoutingContext context, ExportFormat format) {
    HttpServerResponse response = context.response();
    response.putHeader("content-type", format.contentType());
    response.putHeader("cache-control", "no-store");
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.end();
      return;
    }
    response.setChunked(true);
    response.exceptionHandler(_ -> {}); // seen below, as a response that is closed
    new Run(context, format).start();
  }

  /** One answer; on its event loop. */
  private final class Run {
    private final RoutingContext context;
    private final HttpServerResponse response;
    private final ExportFormat format;

    Run(RoutingContext context, ExportFormat format) {
      this.context = context;
      this.response = context.response();
      this.format = format;
    }

    void start() {
      byte[] head = format.head();
      if (head.length > 0) {
        response.write(Buffer.buffer(head));
      }
      next(null);
    }

    private void next(@Nullable Cursor after) {
      context
          .vertx()
          .executeBlocking(() -> read(after), false)
          .onComplete(
              read -> {
                if (response.closed() || response.ended()) {
                  return;
                }
                if (read.failed()) {
                  LOG.warn("an export broke off: {}", String.valueOf(read.cause().getMessage()));
                  response.reset();
                  return;
                }
                write(read.result());
              });
    }

    private Lines read(@Nullable Cursor after) throws Exception {
      Page<RequestRow> page = ledger.all(REQUESTS_AT_ONCE, after);
      return new Lines(Buffer.buffer(format.lines(page.rows())), Optional.ofNullable(page.next()));
    }

    private void write(Lines lines) {
      if (lines.next().isEmpty()) {
        response.end(lines.text());
        return;
      }
      // Completes when the bytes have gone to the socket; a client that does not read holds this up
      // until the port's idle timeout.
      response
          .write(lines.text())
          .onComplete(
              written -> {
                if (written.succeeded()) {
                  next(lines.next().get());
                }
              });
    }
  }

  private record Lines(Buffer text, Optional<Cursor> next) {}
}
