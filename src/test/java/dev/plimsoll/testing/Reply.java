package dev.plimsoll.testing;

import java.util.List;

/** What a {@link FakeOllama} does with one request. */
public sealed interface Reply permits Answer, Fault, Reply.Faulty, Recording {
  /** An answer on which faults act. */
  record Faulty(Answer answer, List<Fault> faults) implements Reply {
    public Faulty {
      faults = List.copyOf(faults);
    }
  }
}
