package dev.plimsoll.ledger;

/**
 * The SQL that reads. Lists are cut by the position of the last row seen, never by a count, so that
 * a page costs the same wherever it stands.
 */
final class ReadSql {
  static final String SESSION = "SELECT * FROM session WHERE id = ?";

  /** Every list of sessions has these three first: position, limit, a time that may go unused. */
  static final String SESSIONS =
      """
      SELECT * FROM session WHERE position < ?1 AND ?3 IS NOT NULL
      ORDER BY position DESC LIMIT ?2
      """;

  static final String IDLE_SESSIONS =
      """
      SELECT * FROM session WHERE position < ?1 AND running = 0 AND last_seen_ms < ?3
      ORDER BY position DESC LIMIT ?2
      """;

  /**
   * Sessions with a request under way are few and known by the open requests; the others that were
   * seen lately are among the newest, so no more than those are looked at.
   */
  static final String ACTIVE_SESSIONS =
      """
      SELECT * FROM (
        SELECT * FROM session WHERE position < ?1 AND running > 0
          AND id IN (SELECT session FROM request WHERE outcome IS NULL)
        UNION ALL
        SELECT * FROM (
          SELECT * FROM session WHERE position < ?1 ORDER BY position DESC LIMIT 10000)
        WHERE running = 0 AND last_seen_ms >= ?3
      ) ORDER BY position DESC LIMIT ?2
      """;

  static final String SESSIONS_OF_CLIENT =
      """
      SELECT * FROM session WHERE position < ?1 AND client_id = ?4 AND ?3 IS NOT NULL
      ORDER BY position DESC LIMIT ?2
      """;

  static final String IDLE_SESSIONS_OF_CLIENT =
      """
      SELECT * FROM session
      WHERE position < ?1 AND client_id = ?4 AND running = 0 AND last_seen_ms < ?3
      ORDER BY position DESC LIMIT ?2
      """;

  static final String ACTIVE_SESSIONS_OF_CLIENT =
      """
      SELECT * FROM session
      WHERE position < ?1 AND client_id = ?4 AND (running > 0 OR last_seen_ms >= ?3)
      ORDER BY position DESC LIMIT ?2
      """;

  private static final String REQUEST =
      """
      SELECT request.*, session.source, session.client_id
      FROM request LEFT JOIN session ON session.id = request.session
      """;

  static final String REQUEST_BY_ID = REQUEST + "WHERE request.id = ?";

  static final String REQUESTS_OF_SESSION =
      REQUEST
          + """
          WHERE request.session = ? AND request.seq < ? ORDER BY request.seq DESC LIMIT ?
          """;

  static final String ALL_REQUESTS =
      REQUEST
          + """
          WHERE request.seq > ? ORDER BY request.seq LIMIT ?
          """;

  static final String TOTALS = "SELECT * FROM total";

  static final String GAPS =
      """
      SELECT coalesce(sum(requests), 0), coalesce(sum(attempts), 0), coalesce(sum(tokens), 0)
      FROM gap
      """;

  private ReadSql() {}
}
