/**
 * The accounting: a row per session, request and attempt, opened when it begins and closed when its
 * end is known.
 *
 * <p>{@link dev.plimsoll.ledger.Ledger} is what the pipeline writes to and the admin API reads.
 * {@link dev.plimsoll.ledger.SqliteLedger} keeps the rows in a file: a journal in memory, one
 * thread that writes, a connection for those who read. {@link dev.plimsoll.ledger.MemoryLedger}
 * keeps the newest rows in memory. No clock and no Vert.x: times are handed in. Uses {@code chat}
 * and {@code session}.
 */
@NullMarked
package dev.plimsoll.ledger;

import org.jspecify.annotations.NullMarked;
