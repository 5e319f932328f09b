package dev.plimsoll.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: a thread that reads, and beside it one that answers.
 *
 * <p>The reader goes on while an answer runs. That is how a client that leaves is noticed at once,
 * in every phase, as Go's server does it; a client that only closes its sending half counts as gone
 * too. A second request that arrives early waits for the first to be answered.
 */
final class Connection {
  private final Socket socket;
  private final long number;
  private final FakeOllama server;
  private volatile @Nullable Exchange current;

  Connection(Socket socket, long number, FakeOllama server) {
    this.socket = socket;
    this.number = number;
    this.server = server;
  }

  /** Serves until either side has enough. */
  void serve() {
    Thread answering = null;
    try {
      socket.setTcpNoDelay(true);
      RequestReader reader = new RequestReader(socket.getInputStream(), number, this::goOn);
      for (Optional<RecordedRequest> next = reader.next(); next.isPresent(); next = reader.next()) {
        if (answering != null) {
          answering.join();
        }
        RecordedRequest request = next.get();
        Exchange exchange = server.exchange(request);
        current = exchange; // before anybody can see it and close the server
        server.begin(exchange);
        answering = Thread.ofVirtual().name("fake-answer-", number).start(() -> answer(exchange));
      }
    } catch (IOException | NumberFormatException e) {
      // Reset, closed by an answer, or not HTTP: in each case this connection is done.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      leave(answering);
    }
  }

  private void answer(Exchange exchange) {
    RecordedRequest request = exchange.request();
    boolean keepAlive = !request.header("Connection").filter("close"::equalsIgnoreCase).isPresent();
    try {
      Script script = server.script(request);
      boolean goOn =
          new Player(socket, exchange, script, keepAlive, server.dialect().ollama()).play();
      if (!goOn) {
        socket.close();
      }
    } catch (IOException e) {
      exchange.end(new Exchange.Ending.Aborted(System.nanoTime()));
    } finally {
      exchange.end(new Exchange.Ending.ShutDown());
    }
  }

  /**
   * The reading side is over. An answer that still runs is told so, and a write that hangs ends
   * with the socket; an answer whose last bytes are on their way may finish.
   */
  private void leave(@Nullable Thread answering) {
    Exchange exchange = current;
    if (exchange != null && exchange.clientGone()) {
      closeSocket();
    }
    try {
      if (answering != null) {
        answering.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closeSocket();
    }
  }

  private void goOn() {
    try {
      socket.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends what runs, from outside. */
  void close() {
    Exchange exchange = current;
    if (exchange != null) {
      exchange.end(new Exchange.Ending.ShutDown());
    }
    closeSocket();
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed either way.
    }
  }
}
