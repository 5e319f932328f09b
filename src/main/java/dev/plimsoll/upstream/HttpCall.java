package dev.plimsoll.upstream;

import dev.plimsoll.stream.UpstreamFailure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request to the model server and tells what comes back, within the limits for the first
 * byte and for silence in between. Lives on one event loop.
 */
final class HttpCall implements UpstreamCall {
  private final Loop loop;
  private final Limits limits;
  private final LongSupplier nanoTime;
  private final Listener listener;
  private @Nullable HttpClientRequest request;
  private @Nullable HttpClientResponse response;
  private boolean ended;
  private boolean paused;
  private long lastByteAt;
  private long received;
  private long timer = -1;

  /** Takes what comes back; {@code end} comes exactly once, unless the call is reset. */
  interface Listener {
    /** The status line and headers. */
    void head(HttpClientResponse response);

    /** The next bytes of the body. */
    void bytes(Buffer bytes);

    /** Nothing more comes; {@code failure} says why when that is no clean end. */
    void end(@Nullable UpstreamFailure failure);
  }

  /**
   * How long to wait.
   *
   * @param connect for the connection
   * @param firstByte for the status line
   * @param idle between two pieces of the body
   */
  record Limits(Duration connect, Duration firstByte, Duration idle) {
    static Limits of(dev.plimsoll.config.Upstream config) {
      return new Limits(config.connectTimeout(), config.firstByteTimeout(), config.idleTimeout());
    }
  }

  HttpCall(Loop loop, Limits limits, LongSupplier nanoTime, Listener listener) {
    this.loop = loop;
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.listener = listener;
  }

  void start(RequestOptions options, Buffer body) {
    options.setConnectTimeout(limits.connect().toMillis());
    loop.client()
        .request(options)
        .onComplete(
            made -> {
              if (made.failed()) {
                end(ConnectFailures.of(made.cause(), limits.connect()));
              } else {
                send(made.result(), body);
              }
            });
  }

  private void send(HttpClientRequest made, Buffer body) {
    // What is sent fails as well; without a handler Vert.x logs an error for every reset.
    made.exceptionHandler(_ -> {});
    if (ended) {
      made.reset();
      return;
    }
    request = made;
    arm(limits.firstByte(), UpstreamFailure.Phase.FIRST_BYTE);
    made.send(body)
        .onComplete(
            answered -> {
              if (answered.failed()) {
                end(new UpstreamFailure.Cut("the connection broke before an answer came"));
              } else {
                receive(answered.result());
              }
            });
  }

  private void receive(HttpClientResponse answer) {
    if (ended) {
      return;
    }
    response = answer;
    lastByteAt = nanoTime.getAsLong();
    disarm();
    arm(limits.idle(), UpstreamFailure.Phase.IDLE);
    answer.exceptionHandler(
        _ -> end(new UpstreamFailure.Cut("the connection broke in the middle of the answer")));
    answer.handler(
        bytes -> {
          if (!ended) {
            lastByteAt = nanoTime.getAsLong();
            received += bytes.length();
            listener.bytes(bytes);
          }
        });
    answer.endHandler(_ -> end(null));
    listener.head(answer);
  }

  /** One timer for the whole silence: it looks at the time of the last byte and goes on waiting. */
  private void arm(Duration limit, UpstreamFailure.Phase phase) {
    armFor(limit.toMillis(), limit, phase);
  }

  private void armFor(long millis, Duration limit, UpstreamFailure.Phase phase) {
    timer = loop.vertx().setTimer(Math.max(1, millis), _ -> expired(limit, phase));
  }

  private void expired(Duration limit, UpstreamFailure.Phase phase) {
    timer = -1;
    if (ended) {
      return;
    }
    if (phase == UpstreamFailure.Phase.IDLE) {
      long silent = paused ? 0 : (nanoTime.getAsLong() - lastByteAt) / 1_000_000;
      if (silent < limit.toMillis()) {
        armFor(limit.toMillis() - silent, limit, phase);
        return;
      }
    }
    end(
        new UpstreamFailure.TimedOut(
            phase, limit)); // first: closing fails what is still waited for
    closeConnection();
  }

  private void disarm() {
    if (timer >= 0) {
      loop.vertx().cancelTimer(timer);
      timer = -1;
    }
  }

  private void end(@Nullable UpstreamFailure failure) {
    if (ended) {
      return;
    }
    ended = true;
    disarm();
    listener.end(failure);
  }

  @Override
  public void reset() {
    if (ended) {
      return;
    }
    ended = true;
    disarm();
    closeConnection();
  }

  /** HTTP/1.1 has no other way to tell the server than to close the connection. */
  private void closeConnection() {
    HttpClientRequest sent = request;
    if (sent == null) {
      return; // not connected yet: send() resets it
    }
    HttpConnection connection = sent.connection();
    sent.reset();
    if (connection != null) {
      connection.close();
    }
  }

  @Override
  public long received() {
    return received;
  }

  @Override
  public void pause() {
    HttpClientResponse reading = response;
    if (reading != null && !paused) {
      paused = true;
      reading.pause();
    }
  }

  @Override
  public void resume() {
    HttpClientResponse reading = response;
    if (reading != null && paused) {
      paused = false;
      lastByteAt = nanoTime.getAsLong();
      reading.resume();
    }
  }
}
