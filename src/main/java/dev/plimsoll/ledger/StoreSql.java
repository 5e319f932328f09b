package dev.plimsoll.ledger;

/** The SQL that writes. */
final class StoreSql {
  static final String OPEN_REQUEST =
      """
      INSERT INTO request (id, session, parent, agent, kind, model, stream, started_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO NOTHING
      RETURNING seq
      """;

  static final String OPEN_ATTEMPT =
      """
      INSERT INTO attempt (request, number, purpose, model, started_ms, after_ms)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (request, number) DO NOTHING
      """;

  static final String MARK =
      """
      UPDATE attempt SET
        prompt = ?, completion = ?, cached = ?, reasoning = ?, bytes = ?, duration_ms = ?,
        source = ?, delivered = ?
      WHERE request = ? AND number = ? AND outcome IS NULL
      """;

  static final String CLOSE_ATTEMPT =
      """
      UPDATE attempt SET
        outcome = ?, prompt = ?, completion = ?, cached = ?, reasoning = ?, bytes = ?,
        duration_ms = ?, source = ?, delivered = ?, finish_reason = ?
      WHERE request = ? AND number = ? AND outcome IS NULL
      """;

  static final String CLOSE_REQUEST =
      """
      UPDATE request SET
        outcome = ?, status = ?, finish_reason = ?, duration_ms = ?, first_token_ms = ?,
        original = ?, sent = ?, context_window = ?, tier = ?, saved = ?
      WHERE seq = ? AND outcome IS NULL
      """;

  static final String REQUEST =
      "SELECT seq, session, kind, started_ms, outcome FROM request WHERE id = ?";

  static final String ATTEMPTS_OF = "SELECT * FROM attempt WHERE request = ? ORDER BY number";

  /** What a transaction does to a session that was there before; see {@link SessionChange}. */
  private static final String SESSION_SET =
      """
      SET
        position = coalesce(?4, position),
        parent = coalesce(?5, parent),
        agent = iif(?6 = 'unknown', agent, ?6),
        model = coalesce(?7, model, ?8),
        last_seen_ms = max(last_seen_ms, ?10),
        running = running + ?11,
        requests = requests + ?12,
        attempts = attempts + ?13,
        prompt = prompt + ?14,
        completion = completion + ?15,
        reasoning = reasoning + ?16,
        cached = cached + ?17,
        compaction = compaction + ?18,
        discarded = discarded + ?19,
        context_window = coalesce(?20, context_window),
        last_prompt = coalesce(?21, last_prompt),
        compactions = compactions + ?22,
        tokens_saved = tokens_saved + ?23,
        recoveries_attempted = recoveries_attempted + ?24,
        recoveries_recovered = recoveries_recovered + ?25
      """;

  static final String SESSION =
      """
      INSERT INTO session
        (id, source, client_id, position, parent, agent, model, started_ms, last_seen_ms, running,
         requests, attempts, prompt, completion, reasoning, cached, compaction, discarded,
         context_window, last_prompt, compactions, tokens_saved, recoveries_attempted,
         recoveries_recovered)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, coalesce(?7, ?8), ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
        ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)
      ON CONFLICT (id) DO UPDATE
      """
          + SESSION_SET;

  static final String KNOWN_SESSION = "UPDATE session " + SESSION_SET + "WHERE id = ?1";

  static final String TOTAL =
      """
      INSERT INTO total
        (model, purpose, source, attempts, prompt, completion, cached, reasoning, discarded)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (model, purpose, source) DO UPDATE SET
        attempts = attempts + excluded.attempts,
        prompt = prompt + excluded.prompt,
        completion = completion + excluded.completion,
        cached = cached + excluded.cached,
        reasoning = reasoning + excluded.reasoning,
        discarded = discarded + excluded.discarded
      """;

  static final String GAP =
      """
      INSERT INTO gap (id, cause, from_ms, to_ms, requests, attempts, tokens)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO NOTHING
      """;

  static final String LAST_POSITION = "SELECT max(position) FROM session";

  static final String INTERRUPTED_ATTEMPTS =
      """
      SELECT request.id AS id, attempt.* FROM attempt JOIN request ON request.seq = attempt.request
      WHERE attempt.outcome IS NULL ORDER BY attempt.request, attempt.number
      """;

  /** The last sign of life of such a request is that of its attempts. */
  static final String INTERRUPTED_REQUESTS =
      """
      SELECT id,
        (SELECT coalesce(max(after_ms + duration_ms), 0) FROM attempt WHERE request = seq) AS lasted
      FROM request WHERE outcome IS NULL ORDER BY seq
      """;

  static final String OLD_REQUESTS =
      """
      SELECT seq FROM request WHERE started_ms < ? AND outcome IS NOT NULL
      ORDER BY started_ms LIMIT ?
      """;

  static final String FORGET_ATTEMPTS = "DELETE FROM attempt WHERE request = ?";

  static final String FORGET_REQUEST = "DELETE FROM request WHERE seq = ?";

  /** Only the least recently seen ones are looked at; the others are younger. */
  static final String FORGET_SESSIONS =
      """
      DELETE FROM session WHERE id IN (
        SELECT id FROM (SELECT id, last_seen_ms, running FROM session ORDER BY position LIMIT ?2)
        WHERE last_seen_ms < ?1 AND running = 0
          AND NOT EXISTS (SELECT 1 FROM request WHERE request.session = id)
        LIMIT ?3)
      """;

  private StoreSql() {}
}
