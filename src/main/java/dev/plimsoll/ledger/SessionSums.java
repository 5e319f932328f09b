package dev.plimsoll.ledger;

/**
 * What a session's requests add up to.
 *
 * @param requests how many there were, running ones included
 * @param attempts calls to the upstream, running ones included
 * @param tokens what they cost
 * @param compactions requests that were made shorter
 * @param tokensSaved tokens not sent because of that
 * @param recoveriesAttempted requests for which the upstream was asked again
 * @param recoveriesRecovered those of them that ended well
 */
public record SessionSums(
    long requests,
    long attempts,
    TokenSums tokens,
    long compactions,
    long tokensSaved,
    long recoveriesAttempted,
    long recoveriesRecovered) {}
