package dev.plimsoll.upstream;

import dev.plimsoll.stream.UpstreamFailure;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Says why no connection came about, from the exception that the network layer gave. */
final class ConnectFailures {
  private ConnectFailures() {}

  static UpstreamFailure of(Throwable cause, Duration limit) {
    String text = String.valueOf(cause.getMessage());
    boolean late =
        cause instanceof TimeoutException
            || text.contains("timed out")
            || (!(cause instanceof ConnectException) && text.contains("timeout"));
    if (late) {
      return new UpstreamFailure.TimedOut(UpstreamFailure.Phase.CONNECT, limit);
    }
    int line = text.indexOf('\n');
    return new UpstreamFailure.Refused(line < 0 ? text : text.substring(0, line));
  }
}
