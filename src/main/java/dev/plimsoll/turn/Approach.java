package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.session.Identity;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.upstream.Found;
import dev.plimsoll.upstream.Model;
import dev.plimsoll.upstream.ModelServer;
import dev.plimsoll.upstream.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * The way of a turn to its model: reaches the server, finds the model, waits for a place at it, and
 * makes sure that its window is known. The place is kept until the turn is over.
 */
final class Approach implements AutoCloseable {
  private final Parts parts;
  private final Arrival arrival;
  private final Downstream downstream;
  private final Account account;
  private final Identity who;
  private Scheduler.Admission.@Nullable Permit permit;

  /** Where a turn stands. */
  sealed interface Place {
    /**
     * At its model.
     *
     * @param ollama whether the server is Ollama
     */
    record At(Upstream upstream, Model model, boolean ollama) implements Place {}

    /** Nothing can be asked at all. */
    record Refused(ApiError error) implements Place {}

    /** It could not be asked this time. */
    record Failed(UpstreamFailure failure) implements Place {}
  }

  Approach(Parts parts, Arrival arrival, Downstream downstream, Account account, Identity who) {
    this.parts = parts;
    this.arrival = arrival;
    this.downstream = downstream;
    this.account = account;
    this.who = who;
  }

  /** Goes there, or makes sure that it still is there. */
  Place go(String model) throws InterruptedException {
    return switch (parts.server().reach()) {
      case ModelServer.Reached.Failed(var failure) -> new Place.Failed(failure);
      case ModelServer.Reached.Is(var upstream, var ollama) -> locate(upstream, ollama, model);
    };
  }

  private Place locate(Upstream upstream, boolean ollama, String name) throws InterruptedException {
    Found found = upstream.find(name);
    if (found instanceof Found.Is(var model)) {
      if (permit == null) {
        long since = parts.clock().nanos();
        switch (parts.scheduler().enter(model.name(), who)) {
          case Scheduler.Admission.Permit place -> {
            permit = place;
            account.queued(parts.clock().nanos() - since);
          }
          case Scheduler.Admission.Full _ -> {
            return new Place.Refused(OwnErrors.queueFull());
          }
        }
      }
      found = upstream.prepare(arrival.loop(), model, downstream::current);
    }
    return switch (found) {
      case Found.Is(var model) -> new Place.At(upstream, model, ollama);
      case Found.Unknown(var error) -> new Place.Refused(error);
      case Found.Failed(var failure) -> new Place.Failed(failure);
    };
  }

  /** Leaves the place to others. */
  @Override
  public void close() {
    if (permit != null) {
      permit.close();
    }
  }
}
