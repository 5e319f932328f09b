package dev.plimsoll.testing;

import java.time.Duration;
import java.util.List;

/** One thing a server does while it answers. */
sealed interface Step {
  /** Nothing happens, except that a client who leaves is noticed. */
  record Wait(Duration length) implements Step {}

  /** Status line and headers; the length of the body is not known yet when it is negative. */
  record Head(int status, String reason, List<Header> headers, long contentLength) implements Step {
    Head(int status, List<Header> headers, long contentLength) {
      this(status, Reasons.of(status), headers, contentLength);
    }

    boolean chunked() {
      return contentLength < 0;
    }
  }

  /** Body bytes that are ready at one moment. */
  record Piece(Body body) implements Step {}

  /** The same piece again and again. */
  record Repeat(Body body, long times, Duration between) implements Step {}

  /** The proper end of the response. */
  record End() implements Step {}

  /** The connection ends, whatever was promised. */
  record Close(Fault.How how) implements Step {}
}
