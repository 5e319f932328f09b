package dev.plimsoll.stream;

import dev.plimsoll.json.JsonFault;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Why an attempt brought no whole answer; a closed set that whoever decides must know in full. */
public sealed interface UpstreamFailure {
  /** Nobody answers at the address, or the connection could not be made. */
  record Refused(String detail) implements UpstreamFailure {}

  /** A wait ran out. */
  record TimedOut(Phase phase, Duration limit) implements UpstreamFailure {}

  /** The upstream answered with an HTTP error. */
  record Status(int status, String message, @Nullable Duration retryAfter)
      implements UpstreamFailure {
    /** Whether the same request may well be answered a while later. */
    public boolean passes() {
      return status == 408 || status == 429 || status >= 500;
    }
  }

  /**
   * The prompt does not fit into the window.
   *
   * @param prompt its size in tokens, where the upstream tells
   * @param window the window in tokens, where the upstream tells
   */
  record ContextExceeded(String message, OptionalLong prompt, OptionalLong window)
      implements UpstreamFailure {}

  /** The process that runs the model is gone; the next request has it started again. */
  record RunnerCrash(String message) implements UpstreamFailure {}

  /** The model server has no memory for it, be it to load the model or to go on. */
  record OutOfMemory(String message) implements UpstreamFailure {}

  /**
   * The model wrote a tool call that the server could not read.
   *
   * @param text the server's whole message, which may hold what the model wrote
   * @param cut whether the call breaks off
   */
  record UnreadableCall(String message, String text, boolean cut) implements UpstreamFailure {}

  /** The stream ended before the answer did: connection closed, or no finish in it. */
  record Cut(String detail) implements UpstreamFailure {}

  /** The upstream wrote an error into its answer. */
  record ErrorFrame(String message) implements UpstreamFailure {}

  /** The upstream's bytes are not what its API promises. */
  record Unreadable(String detail) implements UpstreamFailure {}

  /** The answer is larger than the limits allow. */
  record TooLarge(String detail) implements UpstreamFailure {}

  /** What bytes that cannot be read stand for: a stream that ended within them, or nonsense. */
  static UpstreamFailure of(JsonFault fault, String detail) {
    return fault.isCut() ? new Cut(detail) : new Unreadable(detail);
  }

  /** The wait that ran out. */
  enum Phase {
    CONNECT,
    FIRST_BYTE,
    IDLE;

    /** The phase in words, for messages and logs. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }
}
