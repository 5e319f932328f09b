package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers for a minute which requests failed in a way that would come again, so that a client
 * that sends the same request once more does not have everything tried once more.
 *
 * <p>A request is the same if its session and its bytes are. Safe for any number of threads.
 */
public final class KnownFailures {
  private static final Duration REMEMBERED = Duration.ofMinutes(1);
  private static final int MOST = 512;

  private final Clock clock;
  private final Map<String, Failure> failures =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failure> eldest) {
          return size() > MOST;
        }
      };

  private record Failure(ApiError error, long atNanos) {}

  /** Makes a memory that holds nothing. */
  public KnownFailures(Clock clock) {
    this.clock = clock;
  }

  /** The error that the same request got within the last minute. */
  synchronized Optional<ApiError> of(String session, byte[] body) {
    if (failures.isEmpty()) {
      return Optional.empty(); // which is nearly always, and costs nothing
    }
    Failure found = failures.get(key(session, body));
    if (found == null || clock.nanos() - found.atNanos() >= REMEMBERED.toNanos()) {
      return Optional.empty();
    }
    return Optional.of(found.error());
  }

  synchronized void remember(String session, byte[] body, ApiError error) {
    failures.put(key(session, body), new Failure(error, clock.nanos()));
  }

  private static String key(String session, byte[] body) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return session + HexFormat.of().formatHex(sha.digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
