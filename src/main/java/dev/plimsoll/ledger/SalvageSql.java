package dev.plimsoll.ledger;

/** The SQL that makes a salvaged ledger agree with itself. */
final class SalvageSql {
  static final String FORGET_ORPHANS =
      """
      DELETE FROM attempt WHERE NOT EXISTS (SELECT 1 FROM request WHERE seq = attempt.request)
      """;

  /** Of such a session the client's own id is gone, and what its retired requests added up to. */
  static final String REBUILD_SESSIONS =
      """
      INSERT INTO session
        (id, source, position, parent, agent, model, started_ms, last_seen_ms, requests,
         compactions, tokens_saved, attempts, prompt, completion, reasoning, cached, compaction,
         discarded)
      SELECT request.session, 'prefix',
        (SELECT coalesce(max(position), 0) FROM session) + max(request.seq),
        max(parent), max(agent), max(request.model), min(request.started_ms),
        max(request.started_ms + coalesce(request.duration_ms, 0)),
        count(DISTINCT request.seq), count(DISTINCT iif(tier IS NULL, NULL, request.seq)), 0,
        count(attempt.number),
        coalesce(sum(iif(delivered AND purpose <> 'compaction', prompt, 0)), 0),
        coalesce(sum(iif(delivered AND purpose <> 'compaction', completion, 0)), 0),
        coalesce(sum(iif(delivered AND purpose <> 'compaction', reasoning, 0)), 0),
        coalesce(sum(iif(delivered AND purpose <> 'compaction', cached, 0)), 0),
        coalesce(sum(iif(purpose = 'compaction', prompt + completion, 0)), 0),
        coalesce(sum(iif(delivered OR purpose = 'compaction', 0, prompt + completion)), 0)
      FROM request LEFT JOIN attempt
        ON attempt.request = request.seq AND attempt.outcome IS NOT NULL
      WHERE NOT EXISTS (SELECT 1 FROM session WHERE session.id = request.session)
      GROUP BY request.session
      """;

  static final String COUNT_RUNNING =
      """
      UPDATE session SET running = (
        SELECT count(*) FROM request WHERE request.session = session.id AND outcome IS NULL)
      """;

  /** Only lines that are gone: the others know of rows that were retired long ago. */
  static final String REBUILD_TOTALS =
      """
      INSERT OR IGNORE INTO total
        (model, purpose, source, attempts, prompt, completion, cached, reasoning, discarded)
      SELECT model, purpose, source, count(*), sum(prompt), sum(completion), sum(cached),
        sum(reasoning), sum(iif(delivered, 0, prompt + completion))
      FROM attempt WHERE outcome IS NOT NULL GROUP BY model, purpose, source
      """;

  /** Requests are numbered without holes, so the holes are what is lost. */
  static final String COUNTS =
      """
      SELECT (SELECT count(*) FROM request), (SELECT count(*) FROM attempt),
        (SELECT coalesce(max(seq) - min(seq) + 1 - count(*), 0) FROM request)
      """;

  private SalvageSql() {}
}
