package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.stream.Answer;
import dev.plimsoll.stream.AnswerWriter;
import dev.plimsoll.upstream.Loop;
import dev.plimsoll.upstream.UpstreamCall;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a turn and the only writer of its pings, data and errors.
 *
 * <pre>
 *   Uncommitted ──first data or first ping──▶ Streaming ──finish, fail──▶ Ended
 *        └──────────────finish, fail, client leaves──────────────────────▶ Ended
 * </pre>
 *
 * Lives on the client's event loop; only {@link #firstByteNanos}, {@link #status} and {@link
 * #abandoned} may be read elsewhere. All that is written between two flushes becomes one write, and
 * a flush runs after the socket read that caused it. A client that does not read stops the
 * upstream; one that does not read for {@code listen.write-stall-timeout} is cut off.
 */
public final class Downstream {
  private static final byte[] PING = {':', ' ', 'w', 'a', 'i', 't', 'i', 'n', 'g', '\n', '\n'};
  private static final long NO_TIMER = -1;

  private enum State {
    UNCOMMITTED,
    STREAMING,
    ENDED
  }

  /**
   * How long to be silent.
   *
   * @param firstPing before the answer begins with a comment
   * @param pingInterval between two comments
   * @param writeStall until a client that does not read is cut off
   */
  public record Patience(Duration firstPing, Duration pingInterval, Duration writeStall) {}

  private final Loop loop;
  private final HttpConnection connection;
  private final HttpServerResponse response;
  private final Patience patience;
  private final Clock clock;
  private final Runnable onEnd;
  private State state = State.UNCOMMITTED;
  private @Nullable AnswerWriter writer;
  private boolean streams;
  private boolean flushQueued;
  private long lastWriteNanos;
  private long pingTimer = NO_TIMER;
  private long stallTimer = NO_TIMER;
  private @Nullable UpstreamCall call;
  private @Nullable Runnable onGone;
  private boolean gone;
  private volatile boolean abandoned;
  private volatile long firstByteNanos;
  private volatile int status;

  /** Takes over a response; {@code onEnd} runs once, when nothing more will be written. */
  public Downstream(
      Loop loop, HttpServerRequest request, Patience patience, Clock clock, Runnable onEnd) {
    this.loop = loop;
    this.connection = request.connection();
    this.response = request.response();
    this.patience = patience;
    this.clock = clock;
    this.onEnd = onEnd;
    response.exceptionHandler(_ -> left());
    response.closeHandler(_ -> left());
  }

  /** What runs when the client leaves before its answer has ended; at once if it has left. */
  void whenGone(Runnable action) {
    onGone = action;
    if (gone) {
      action.run();
    }
  }

  /** Learns the form of the answer, and from then on keeps a waiting client patient. */
  void answerWith(AnswerWriter form, boolean stream) {
    writer = form;
    streams = stream;
    if (stream && state == State.UNCOMMITTED) {
      armPing(patience.firstPing());
    }
  }

  /** Sets a response header while that is possible. */
  void header(String name, String value) {
    if (state == State.UNCOMMITTED) {
      response.putHeader(name, value);
    }
  }

  /** The call to reset when the client leaves, and to pause while it does not read. */
  public void current(@Nullable UpstreamCall under) {
    call = under;
    if (under != null && (state == State.ENDED || abandoned)) {
      under.reset(); // nobody is there for what it would bring
    } else if (under != null && stallTimer != NO_TIMER) {
      under.pause();
    }
  }

  /** Whether nothing more will be written: the client has left, or its answer was ended. */
  boolean ended() {
    return state == State.ENDED;
  }

  /** The form of the answer wrote something: it goes out after the current socket read. */
  void wrote() {
    if (streams && !flushQueued) {
      flushQueued = true;
      loop.run(this::flush);
    }
  }

  /** Passes bytes on as they came, for answers that are only relayed. */
  public void relay(Buffer bytes) {
    if (state != State.ENDED) {
      state = State.STREAMING;
      status = response.getStatusCode();
      markFirstByte();
      write(bytes);
    }
  }

  /** Ends an answer that was relayed. */
  public void endRelayed() {
    if (state != State.ENDED) {
      status = response.getStatusCode();
      end();
      response.end();
    }
  }

  /** Writes the end of a good answer. */
  void finish(Answer answer) {
    if (state == State.ENDED || writer == null) {
      return;
    }
    writer.end(answer);
    if (streams) {
      commit();
    } else {
      status = 200;
      response.putHeader("content-type", "application/json");
    }
    Buffer rest = take(writer.out());
    markFirstByte();
    end();
    response.end(rest);
  }

  /** Says what went wrong: by status while that is possible, else by the one terminal event. */
  public void fail(ApiError error) {
    if (state == State.ENDED) {
      return;
    }
    if (state == State.STREAMING && writer != null) {
      writer.fail(error);
      Buffer rest = take(writer.out());
      end();
      response.end(rest);
      return;
    }
    if (state == State.STREAMING) {
      end(); // a relayed answer has no place for words: the missing end is the message
      response.reset();
      return;
    }
    status = error.status();
    end();
    ErrorAnswers.send(response, error);
  }

  /** Frees the model because the program ends; the turn says so to the client. */
  void abandon() {
    abandoned = true;
    if (call != null) {
      call.reset();
    }
  }

  /** Whether the program ends before the answer does. */
  boolean abandoned() {
    return abandoned;
  }

  /** When the first byte of an answer left, by the monotonic clock; 0 if none did. */
  long firstByteNanos() {
    return firstByteNanos;
  }

  /** The HTTP status that went out; 0 if none did. */
  int status() {
    return status;
  }

  private void flush() {
    flushQueued = false;
    if (state == State.ENDED || writer == null || writer.out().length() == 0) {
      return;
    }
    commit();
    markFirstByte();
    write(take(writer.out()));
  }

  private void write(Buffer bytes) {
    lastWriteNanos = clock.nanos();
    response.write(bytes);
    if (response.writeQueueFull()) {
      stall();
    }
  }

  private static Buffer take(JsonOut out) {
    Buffer bytes = Buffer.buffer(out.toBytes());
    out.clear();
    return bytes;
  }

  private void markFirstByte() {
    if (firstByteNanos == 0) {
      firstByteNanos = clock.nanos();
    }
  }

  private void commit() {
    if (state != State.UNCOMMITTED) {
      return;
    }
    state = State.STREAMING;
    status = 200;
    response.setChunked(true);
    response.putHeader("content-type", "text/event-stream");
    response.putHeader("cache-control", "no-cache");
  }

  private void armPing(Duration after) {
    pingTimer = loop.vertx().setTimer(Math.max(1, after.toMillis()), _ -> pingIfSilent());
  }

  private void pingIfSilent() {
    pingTimer = NO_TIMER;
    if (state == State.ENDED) {
      return;
    }
    long silent = lastWriteNanos == 0 ? Long.MAX_VALUE : clock.nanos() - lastWriteNanos;
    Duration left = patience.pingInterval().minusNanos(silent);
    if (state == State.STREAMING && left.isPositive()) {
      armPing(left);
      return;
    }
    if (stallTimer == NO_TIMER) {
      commit();
      write(Buffer.buffer(PING));
    }
    armPing(patience.pingInterval());
  }

  private void stall() {
    if (stallTimer != NO_TIMER) {
      return;
    }
    if (call != null) {
      call.pause();
    }
    stallTimer =
        loop.vertx().setTimer(patience.writeStall().toMillis(), _ -> HardClose.of(connection));
    response.drainHandler(_ -> drained());
  }

  private void drained() {
    stallTimer = cancel(stallTimer);
    if (call != null) {
      call.resume();
    }
  }

  /** The connection closed: nothing is left to do but to free the model, at once. */
  private void left() {
    if (state == State.ENDED) {
      return;
    }
    gone = true;
    end();
    if (call != null) {
      call.reset();
    }
    if (onGone != null) {
      onGone.run();
    }
  }

  private void end() {
    state = State.ENDED;
    pingTimer = cancel(pingTimer);
    stallTimer = cancel(stallTimer);
    onEnd.run();
  }

  private long cancel(long timer) {
    if (timer != NO_TIMER) {
      loop.vertx().cancelTimer(timer);
    }
    return NO_TIMER;
  }
}
