package dev.plimsoll.testing;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Plays a script on a socket, for one exchange, and says whether the connection may go on. */
final class Player {
  private final Socket socket;
  private final Exchange exchange;
  private final Script script;
  private final boolean keepAlive;
  private final boolean ollama;
  private final Wire wire;
  private boolean chunked;
  private long bodyLeft;
  private boolean answered;

  Player(Socket socket, Exchange exchange, Script script, boolean keepAlive, boolean ollama)
      throws IOException {
    this.socket = socket;
    this.exchange = exchange;
    this.script = script;
    this.keepAlive = keepAlive;
    this.ollama = ollama;
    this.wire = new Wire(socket.getOutputStream(), script.framing(), exchange::wrote);
    this.bodyLeft = script.cutAfter();
  }

  /** True when another request may follow on the connection. */
  boolean play() {
    try {
      playSteps();
      return answered && keepAlive;
    } catch (IOException e) {
      // The client reset the connection while bytes were on their way.
      exchange.end(new Exchange.Ending.Aborted(System.nanoTime()));
      return false;
    } catch (InterruptedException e) {
      exchange.end(new Exchange.Ending.ShutDown());
      return false;
    }
  }

  private void playSteps() throws IOException, InterruptedException {
    List<Step> steps = script.steps();
    for (int i = 0; i < steps.size(); i++) {
      boolean endFollows = i + 1 < steps.size() && steps.get(i + 1) instanceof Step.End;
      boolean goOn =
          switch (steps.get(i)) {
            case Step.Wait(Duration length) -> pause(length);
            case Step.Head head -> head(head);
            case Step.Piece(Body body) -> piece(body, endFollows);
            case Step.Repeat repeat -> repeat(repeat);
            case Step.End _ -> end();
            case Step.Close(Fault.How how) -> close(how);
          };
      if (!goOn) {
        return;
      }
    }
  }

  /** What is collected leaves first: a silent server has said what it had to say. */
  private boolean pause(Duration length) throws IOException, InterruptedException {
    wire.flush();
    return !exchange.overWithin(length);
  }

  private boolean head(Step.Head head) {
    chunked = head.chunked();
    wire.raw("HTTP/1.1 " + head.status() + " " + head.reason() + "\r\n");
    head.headers().forEach(header -> wire.raw(header.name() + ": " + header.value() + "\r\n"));
    if (ollama && Header.first(head.headers(), "Date").isEmpty()) {
      wire.raw(
          "Date: "
              + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC))
              + "\r\n");
    }
    if (!chunked) {
      wire.raw("Content-Length: " + head.contentLength() + "\r\n");
    }
    if (!keepAlive) {
      wire.raw("Connection: close\r\n");
    }
    if (chunked) {
      wire.raw("Transfer-Encoding: chunked\r\n");
    }
    wire.raw("\r\n");
    return true;
  }

  private boolean piece(Body body, boolean endFollows) throws IOException {
    if (bodyLeft < body.length()) {
      wire.body(body.slice(0, (int) bodyLeft), chunked);
      return script.cut() == Fault.How.CLEAN_END ? end() : close(script.cut());
    }
    bodyLeft -= body.length();
    if (endFollows) {
      // A client may close at the last event, before the chunk that ends the body.
      exchange.lastWrite();
    }
    wire.body(body, chunked);
    if (!endFollows) {
      wire.pieceEnd();
    }
    return exchange.running();
  }

  private boolean repeat(Step.Repeat repeat) throws IOException, InterruptedException {
    for (long i = 0; i < repeat.times(); i++) {
      if (repeat.between().isPositive() && !pause(repeat.between())) {
        return false;
      }
      if (!piece(repeat.body(), false)) {
        return false;
      }
    }
    return true;
  }

  private boolean end() throws IOException {
    exchange.lastWrite();
    if (chunked) {
      wire.raw("0\r\n\r\n");
    }
    wire.flush();
    answered = exchange.end(new Exchange.Ending.Answered());
    return false;
  }

  private boolean close(Fault.How how) throws IOException {
    exchange.lastWrite();
    wire.flush();
    exchange.end(new Exchange.Ending.BrokenOff());
    if (how == Fault.How.RST) {
      socket.setSoLinger(true, 0);
    }
    socket.close();
    return false;
  }
}
