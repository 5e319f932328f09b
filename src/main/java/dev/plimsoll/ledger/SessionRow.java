package dev.plimsoll.ledger;

import dev.plimsoll.session.Agent;
import dev.plimsoll.session.SessionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One session.
 *
 * @param id its name and where it came from
 * @param parent the id of the session that started it, if the client told
 * @param agent the program that asks
 * @param model the model of its last turn, null before there was one
 * @param startedAt when its first request began
 * @param lastSeenAt when something last began or ended in it
 * @param running requests that have not ended
 * @param sums what its requests add up to
 * @param context how full its window is
 */
public record SessionRow(
    SessionId id,
    @Nullable String parent,
    Agent agent,
    @Nullable String model,
    Instant startedAt,
    Instant lastSeenAt,
    int running,
    SessionSums sums,
    ContextFill context) {}
