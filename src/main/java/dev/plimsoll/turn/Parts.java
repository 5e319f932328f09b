package dev.plimsoll.turn;

import dev.plimsoll.calls.ArgumentRule;
import dev.plimsoll.chat.ApiError;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.Secrets;
import dev.plimsoll.ledger.Ledger;
import dev.plimsoll.metrics.Metrics;
import dev.plimsoll.metrics.RejectReason;
import dev.plimsoll.recover.RecoveryPolicy;
import dev.plimsoll.upstream.ModelServer;
import java.util.function.Consumer;

/**
 * What turns are made with; one set for each loaded configuration.
 *
 * @param config the configuration
 * @param server the model server
 * @param scheduler who may ask it now
 * @param policy what follows a failed attempt
 * @param fitting what is sent of a conversation
 * @param rule what the arguments of tool calls are held against
 * @param failures which requests failed just now, and would again
 * @param ledger where tokens are accounted
 * @param metrics where what happens is counted
 * @param clock the times
 * @param rejected is told of every request that is turned away before a model is asked
 */
public record Parts(
    Config config,
    ModelServer server,
    Scheduler scheduler,
    RecoveryPolicy policy,
    Fitting fitting,
    ArgumentRule rule,
    KnownFailures failures,
    Ledger ledger,
    Metrics metrics,
    Clock clock,
    Consumer<RejectReason> rejected) {
  /** An error as a client may read it: a model server may have quoted a secret in its own. */
  public ApiError told(ApiError error) {
    return error.withMessage(Secrets.of(config).blank(error.message()));
  }

  /** How patient the client's side is. */
  public Downstream.Patience patience() {
    return new Downstream.Patience(
        config.stream().firstPing(),
        config.stream().pingInterval(),
        config.listen().writeStallTimeout());
  }
}
