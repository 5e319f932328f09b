package dev.plimsoll.ledger;

/** The SQL that writes. */
final class StoreSql {
  static final String OPEN_REQUEST =
      """
      INSERT INTO request (id, session, parent, agent, kind, model, stream, started_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO NOTHING
      """;

  /** The seventh value is the model of a turn, the eighth that of what is no chat at all. */
  static final String OPEN_IN_SESSION =
      """
      INSERT INTO session
        (id, source, client_id, position, parent, agent, model, started_ms, last_seen_ms,
         running, requests)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, coalesce(?7, ?8), ?9, ?9, 1, 1)
      ON CONFLICT (id) DO UPDATE SET
        position = ?4,
        parent = coalesce(?5, parent),
        agent = iif(?6 = 'unknown', agent, ?6),
        model = coalesce(?7, model, ?8),
        last_seen_ms = max(last_seen_ms, ?9),
        running = running + 1,
        requests = requests + 1
      """;

  static final String OPEN_ATTEMPT =
      """
      INSERT INTO attempt (request, number, purpose, model, started_ms, after_ms)
      SELECT seq, ?, ?, ?, ?, ? FROM request WHERE id = ? AND outcome IS NULL
      ON CONFLICT (request, number) DO NOTHING
      """;

  static final String ATTEMPT_IN_SESSION =
      """
      UPDATE session SET attempts = attempts + 1
      WHERE id = (SELECT session FROM request WHERE id = ?)
      """;

  static final String MARK =
      """
      UPDATE attempt SET
        prompt = ?, completion = ?, cached = ?, reasoning = ?, bytes = ?, duration_ms = ?,
        source = ?, delivered = ?
      WHERE request = (SELECT seq FROM request WHERE id = ?) AND number = ? AND outcome IS NULL
      """;

  static final String CLOSE_ATTEMPT =
      """
      UPDATE attempt SET
        outcome = ?, prompt = ?, completion = ?, cached = ?, reasoning = ?, bytes = ?,
        duration_ms = ?, source = ?, delivered = ?, finish_reason = ?
      WHERE request = (SELECT seq FROM request WHERE id = ?) AND number = ? AND outcome IS NULL
      RETURNING purpose, model, (SELECT session FROM request WHERE seq = attempt.request)
      """;

  static final String TOKENS_IN_SESSION =
      """
      UPDATE session SET
        prompt = prompt + ?, completion = completion + ?, reasoning = reasoning + ?,
        cached = cached + ?, compaction = compaction + ?, discarded = discarded + ?
      WHERE id = ?
      """;

  static final String TOKENS_IN_TOTAL =
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

  static final String CLOSE_REQUEST =
      """
      UPDATE request SET
        outcome = ?, status = ?, finish_reason = ?, duration_ms = ?, first_token_ms = ?,
        original = ?, sent = ?, context_window = ?, tier = ?, saved = ?
      WHERE id = ? AND outcome IS NULL
      RETURNING seq, session, kind, started_ms
      """;

  static final String ATTEMPTS_OF = "SELECT * FROM attempt WHERE request = ? ORDER BY number";

  static final String CLOSE_IN_SESSION =
      """
      UPDATE session SET
        position = ?,
        last_seen_ms = max(last_seen_ms, ?),
        context_window = coalesce(?, context_window),
        last_prompt = coalesce(?, last_prompt),
        compactions = compactions + ?,
        tokens_saved = tokens_saved + ?,
        recoveries_attempted = recoveries_attempted + ?,
        recoveries_recovered = recoveries_recovered + ?,
        running = running - 1
      WHERE id = ?
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
