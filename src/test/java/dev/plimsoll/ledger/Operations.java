package dev.plimsoll.ledger;

import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.session.Agent;
import dev.plimsoll.session.Identity;
import dev.plimsoll.session.RequestKind;
import dev.plimsoll.session.SessionId;
import dev.plimsoll.session.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes up what a program might do to its ledger, sensible or not: things that end before they
 * begin, end twice, or never end.
 */
final class Operations {
  private static final int REQUESTS = 12;
  private static final int SESSIONS = 4;

  private final SplittableRandom random;
  private final String name;

  /** Operations on requests and sessions whose names begin so. */
  Operations(SplittableRandom random, String name) {
    this.random = random;
    this.name = name;
  }

  List<Consumer<Ledger>> some(int count) {
    List<Consumer<Ledger>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(next());
    }
    return all;
  }

  private Consumer<Ledger> next() {
    String id = name + "r" + random.nextInt(REQUESTS);
    int number = 1 + random.nextInt(3);
    return switch (random.nextInt(10)) {
      case 0, 1 -> {
        RequestStart start = start(id);
        yield ledger -> ledger.open(start);
      }
      case 2, 3 -> {
        AttemptStart start =
            new AttemptStart(number, any(Purpose.values()), model(), time(), random.nextInt(99));
        yield ledger -> ledger.openAttempt(id, start);
      }
      case 4 -> {
        Progress progress =
            new Progress(usage(), any(TokenSource.values()), random.nextBoolean(), 5, 6);
        yield ledger -> ledger.mark(id, number, progress);
      }
      case 5, 6, 7 -> {
        AttemptEnd end =
            new AttemptEnd(
                any(AttemptOutcome.values()),
                usage(),
                any(TokenSource.values()),
                random.nextBoolean(),
                random.nextInt(5000),
                random.nextInt(5000),
                maybe(any(FinishReason.values())));
        yield ledger -> ledger.closeAttempt(id, number, end);
      }
      default -> {
        RequestEnd end = end();
        yield ledger -> ledger.close(id, end);
      }
    };
  }

  private RequestStart start(String id) {
    String client = name + "c" + random.nextInt(SESSIONS);
    SessionId session = new SessionId("s_" + client, Source.HEADER, client);
    SessionId parent = maybe(new SessionId("s_" + name + "p", Source.HEADER, null));
    Identity who = new Identity(session, parent, any(Agent.values()), any(RequestKind.values()));
    return new RequestStart(id, who, model(), random.nextBoolean(), time());
  }

  private RequestEnd end() {
    Compaction compaction = maybe(new Compaction(any(CompactionTier.values()), number()));
    PromptSize prompt =
        new PromptSize(maybe(number()), maybe(number()), maybe(1 + number()), compaction);
    return new RequestEnd(
        random.nextInt(600),
        any(Outcome.values()),
        maybe(any(FinishReason.values())),
        number(),
        maybe(number()),
        prompt);
  }

  private Usage usage() {
    return new Usage(number(), number(), number(), number());
  }

  /** Sometimes none, sometimes more than an int holds. */
  private long number() {
    return switch (random.nextInt(5)) {
      case 0 -> 0;
      case 1 -> 1L << 40;
      default -> random.nextInt(10_000);
    };
  }

  private String model() {
    return any(new String[] {"m", "größe:7b", "a'; DROP TABLE request; --", "x".repeat(300)});
  }

  /** Clocks jump. */
  private Instant time() {
    return Rows.NOON.plusSeconds(random.nextLong(-100_000, 100_000)).plusNanos(123_456_789);
  }

  private <T> T any(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private <T> @Nullable T maybe(T value) {
    return random.nextBoolean() ? value : null;
  }
}
