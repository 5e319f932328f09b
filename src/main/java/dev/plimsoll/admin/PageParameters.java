package dev.plimsoll.admin;

import dev.plimsoll.ledger.Cursor;
import dev.plimsoll.ledger.SessionQuery;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Reads what a caller wants of a list from the query; each parameter may stand there once. */
final class PageParameters {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 500;

  /** Agents run tools and tests between two requests; a session is not over because of that. */
  private static final Duration ACTIVE = Duration.ofMinutes(5);

  private final MultiMap query;

  PageParameters(MultiMap query) {
    this.query = query;
  }

  int limit() throws BadParameter {
    String text = one("limit");
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is out of range.
    }
    throw new BadParameter("limit", "limit must be a whole number from 1 to " + MAX_LIMIT + ".");
  }

  @Nullable Cursor cursor() throws BadParameter {
    String text = one("cursor");
    if (text == null) {
      return null;
    }
    return Cursor.parse(text)
        .orElseThrow(
            () ->
                new BadParameter(
                    "cursor",
                    "cursor is not one that this API gave out: pass the value of \"next\" as it"
                        + " is, or leave it out for the first page."));
  }

  SessionQuery.Activity activity(InstantSource clock) throws BadParameter {
    String text = one("active");
    Instant since = clock.instant().minus(ACTIVE);
    return switch (text) {
      case null -> new SessionQuery.Activity.Any();
      case "true" -> new SessionQuery.Activity.Active(since);
      case "false" -> new SessionQuery.Activity.Idle(since);
      default -> throw new BadParameter("active", "active must be true or false.");
    };
  }

  @Nullable String client() throws BadParameter {
    return one("client");
  }

  /** The format of an export, which has no default: a script says what it reads. */
  ExportFormat format() throws BadParameter {
    return switch (one("format")) {
      case "csv" -> ExportFormat.CSV;
      case "jsonl" -> ExportFormat.JSONL;
      case null, default -> throw new BadParameter("format", "format must be csv or jsonl.");
    };
  }

  /** An empty value counts as none: forms send their empty fields. */
  private @Nullable String one(String name) throws BadParameter {
    if (query.getAll(name).size() > 1) {
      throw new BadParameter(name, name + " stands in the query more than once.");
    }
    String value = query.get(name);
    return value == null || value.isEmpty() ? null : value;
  }
}
