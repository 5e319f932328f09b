package dev.plimsoll.ledger;

import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.session.Agent;
import dev.plimsoll.session.Identity;
import dev.plimsoll.session.RequestKind;
import dev.plimsoll.session.SessionId;
import dev.plimsoll.session.Source;
import java.time.Instant;

/** Made-up rows for tests of the ledger and of what shows it. */
public final class Rows {
  /** When made-up requests begin. */
  public static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private Rows() {}

  /** A request of that kind in a session whose id is {@code s_} and the client's id. */
  public static RequestStart start(String id, String client, RequestKind kind) {
    return start(id, client, kind, "m", NOON);
  }

  /** The same with its model and time. */
  public static RequestStart start(
      String id, String client, RequestKind kind, String model, Instant at) {
    SessionId session = new SessionId("s_" + client, Source.HEADER, client);
    return new RequestStart(id, new Identity(session, null, Agent.CRUSH, kind), model, true, at);
  }

  /** An attempt that ended. */
  public static AttemptEnd attempt(
      AttemptOutcome outcome, long prompt, long completion, boolean delivered) {
    Usage usage = new Usage(prompt, completion, prompt / 2, completion / 2);
    return new AttemptEnd(
        outcome, usage, TokenSource.UPSTREAM, delivered, 250, 4 * completion, null);
  }

  /** An attempt that begins right after its request. */
  public static AttemptStart begun(int number, Purpose purpose) {
    return new AttemptStart(number, purpose, "m:latest", NOON.plusMillis(3), 3);
  }

  /** A request that ended after a second. */
  public static RequestEnd end(Outcome outcome) {
    return end(outcome, new PromptSize(1200L, 1000L, 4000L, null));
  }

  /** The same with what is known of its prompt. */
  public static RequestEnd end(Outcome outcome, PromptSize prompt) {
    return new RequestEnd(
        200, outcome, outcome == Outcome.OK ? FinishReason.STOP : null, 1000, 300L, prompt);
  }
}
