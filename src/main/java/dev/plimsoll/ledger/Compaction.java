package dev.plimsoll.ledger;

/**
 * What compaction did to one request.
 *
 * @param tier how far it went
 * @param saved tokens that were not sent because of it
 */
public record Compaction(CompactionTier tier, long saved) {}
