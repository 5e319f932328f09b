package dev.plimsoll.upstream;

import dev.plimsoll.stream.UpstreamFailure;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Says why no connection came about, from the exception that the network layer gave. */
final class ConnectFailures {
  /** How Netty's native transport names the system call in front of the reason. */
  private static final Pattern SYSTEM_CALL =
      Pattern.compile("^\\w+\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: ");

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
    String first = line < 0 ? text : text.substring(0, line);
    return new UpstreamFailure.Refused(SYSTEM_CALL.matcher(first).replaceFirst(""));
  }
}
