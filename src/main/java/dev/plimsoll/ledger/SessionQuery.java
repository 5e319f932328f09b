package dev.plimsoll.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions are asked for.
 *
 * @param limit at most so many
 * @param after where the page before ended, null for the first page
 * @param activity all of them, or only active or idle ones
 * @param clientId only the client's own id, null for all
 */
public record SessionQuery(
    int limit, @Nullable Cursor after, Activity activity, @Nullable String clientId) {

  /** The newest sessions. */
  public static SessionQuery newest(int limit) {
    return new SessionQuery(limit, null, new Activity.Any(), null);
  }

  /** A wish about how recently something happened in a session. */
  public sealed interface Activity {
    /** No wish. */
    record Any() implements Activity {}

    /** A request runs, or something happened since then. */
    record Active(Instant since) implements Activity {}

    /** No request runs, and nothing happened since then. */
    record Idle(Instant since) implements Activity {}
  }

  boolean wants(SessionRow row) {
    boolean activityFits =
        switch (activity) {
          case Activity.Any any -> true;
          case Activity.Active(Instant since) -> isActive(row, since);
          case Activity.Idle(Instant since) -> !isActive(row, since);
        };
    return activityFits && (clientId == null || clientId.equals(row.id().clientId()));
  }

  private static boolean isActive(SessionRow row, Instant since) {
    return row.running() > 0 || !row.lastSeenAt().isBefore(since);
  }
}
