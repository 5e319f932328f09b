package dev.plimsoll.ledger;

import dev.plimsoll.chat.Usage;
import dev.plimsoll.session.Identity;
import dev.plimsoll.session.SessionId;
import dev.plimsoll.session.Source;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** From the columns of the tables to the ledger's rows. */
final class SqliteRows {
  private SqliteRows() {}

  static SessionRow session(ResultSet row) throws SQLException {
    TokenSums tokens =
        new TokenSums(
            row.getLong("prompt"),
            row.getLong("completion"),
            row.getLong("reasoning"),
            row.getLong("cached"),
            row.getLong("compaction"),
            row.getLong("discarded"));
    SessionSums sums =
        new SessionSums(
            row.getLong("requests"),
            row.getLong("attempts"),
            tokens,
            row.getLong("compactions"),
            row.getLong("tokens_saved"),
            row.getLong("recoveries_attempted"),
            row.getLong("recoveries_recovered"));
    return new SessionRow(
        new SessionId(
            row.getString("id"),
            Labels.SOURCES.of(row.getString("source")),
            text(row, "client_id")),
        text(row, "parent"),
        Labels.AGENTS.of(row.getString("agent")),
        text(row, "model"),
        time(row, "started_ms"),
        time(row, "last_seen_ms"),
        row.getInt("running"),
        sums,
        new ContextFill(number(row, "context_window"), number(row, "last_prompt")));
  }

  /**
   * A request of which only the attempts are missing. Of its session {@code source} and {@code
   * client_id} must be there, too; of a parent no more than the id is kept.
   */
  static RequestRow request(ResultSet row, List<AttemptRow> attempts) throws SQLException {
    String parent = text(row, "parent");
    Identity identity =
        new Identity(
            new SessionId(
                row.getString("session"),
                Objects.requireNonNullElse(
                    Labels.SOURCES.ofNullable(text(row, "source")), Source.PREFIX),
                text(row, "client_id")),
            parent == null ? null : new SessionId(parent, Source.HEADER, null),
            Labels.AGENTS.of(row.getString("agent")),
            Labels.KINDS.of(row.getString("kind")));
    RequestStart start =
        new RequestStart(
            row.getString("id"),
            identity,
            row.getString("model"),
            row.getBoolean("stream"),
            time(row, "started_ms"));
    return new RequestRow(start, end(row), attempts);
  }

  private static @Nullable RequestEnd end(ResultSet row) throws SQLException {
    Outcome outcome = Labels.OUTCOMES.ofNullable(text(row, "outcome"));
    if (outcome == null) {
      return null;
    }
    CompactionTier tier = Labels.TIERS.ofNullable(text(row, "tier"));
    PromptSize prompt =
        new PromptSize(
            number(row, "original"),
            number(row, "sent"),
            number(row, "context_window"),
            tier == null ? null : new Compaction(tier, row.getLong("saved")));
    return new RequestEnd(
        row.getInt("status"),
        outcome,
        Labels.FINISH_REASONS.ofNullable(text(row, "finish_reason")),
        row.getLong("duration_ms"),
        number(row, "first_token_ms"),
        prompt);
  }

  static AttemptRow attempt(ResultSet row) throws SQLException {
    AttemptStart start =
        new AttemptStart(
            row.getInt("number"),
            Labels.PURPOSES.of(row.getString("purpose")),
            row.getString("model"),
            time(row, "started_ms"),
            row.getLong("after_ms"));
    Progress progress =
        new Progress(
            new Usage(
                row.getLong("prompt"),
                row.getLong("completion"),
                row.getLong("cached"),
                row.getLong("reasoning")),
            Labels.TOKEN_SOURCES.of(row.getString("source")),
            row.getBoolean("delivered"),
            row.getLong("duration_ms"),
            row.getLong("bytes"));
    AttemptOutcome outcome = Labels.ATTEMPT_OUTCOMES.ofNullable(text(row, "outcome"));
    if (outcome == null) {
      return new AttemptRow(start, progress, null);
    }
    AttemptEnd end =
        new AttemptEnd(
            outcome,
            progress.usage(),
            progress.tokenSource(),
            progress.delivered(),
            progress.durationMs(),
            progress.bytes(),
            Labels.FINISH_REASONS.ofNullable(text(row, "finish_reason")));
    return new AttemptRow(start, progress, end);
  }

  static Totals.Line total(ResultSet row) throws SQLException {
    return new Totals.Line(
        row.getString("model"),
        Labels.PURPOSES.of(row.getString("purpose")),
        Labels.TOKEN_SOURCES.of(row.getString("source")),
        new Totals.Sums(
            row.getLong("attempts"),
            row.getLong("prompt"),
            row.getLong("completion"),
            row.getLong("cached"),
            row.getLong("reasoning"),
            row.getLong("discarded")));
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }

  private static @Nullable String text(ResultSet row, String column) throws SQLException {
    return row.getString(column);
  }

  private static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }
}
