package dev.plimsoll.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Turns an answer and its faults into the steps of one exchange; pure. */
final class Staging {
  private static final String JSON = "application/json; charset=utf-8";

  private final List<Fault> faults;

  private Staging(List<Fault> faults) {
    this.faults = faults;
  }

  /** An answer in its form. */
  static Script answer(Form form, boolean stream, Answer answer, List<Fault> faults) {
    Staging staging = new Staging(faults);
    Script clean = stream ? staging.stream(form, answer) : staging.whole(form, answer);
    return staging.spoil(clean, answer.framing());
  }

  /** A response that no answer stands behind, with faults. */
  static Script fixed(Script response, List<Fault> faults) {
    return new Staging(faults).spoil(response, response.framing());
  }

  /** A recorded response as it was; a client that had enough is not replayed. */
  static Script replay(Recording recording) {
    boolean chunked =
        Header.first(recording.headers(), "Transfer-Encoding").isPresent()
            || Header.first(recording.headers(), "Content-Length").isEmpty();
    long length = chunked ? -1 : recording.body().length();
    List<Step> steps = new ArrayList<>();
    steps.add(
        new Step.Head(
            recording.status(), recording.reason(), described(recording.headers()), length));
    steps.add(new Step.Piece(recording.body()));
    steps.add(
        recording.end() == Recording.End.CUT_BY_SERVER
            ? new Step.Close(Fault.How.FIN)
            : new Step.End());
    return Script.of(steps);
  }

  /** The headers without those that the connection writes itself. */
  private static List<Header> described(List<Header> headers) {
    return headers.stream()
        .filter(
            header ->
                switch (header.name().toLowerCase(Locale.ROOT)) {
                  case "transfer-encoding", "content-length", "connection" -> false;
                  default -> true;
                })
        .toList();
  }

  private Script stream(Form form, Answer answer) {
    List<Step> steps = new ArrayList<>();
    wait(steps, answer.pacing().beforeHeaders());
    steps.add(new Step.Head(200, type(form.streamType()), -1));
    wait(steps, answer.pacing().beforeFirst());
    addPieces(steps, form, answer);
    steps.add(new Step.End());
    return Script.of(steps);
  }

  private void addPieces(List<Step> steps, Form form, Answer answer) {
    // One more copy, so that the piece to repeat is never the first, which may carry the role.
    Answer told = answer.repeats() > 0 ? answer.withLastTextTwice() : answer;
    List<Body> pieces = form.pieces(told);
    int repeated = answer.repeats() > 0 ? told.reasoning().size() + told.text().size() - 1 : -1;
    int last = lastPiece(pieces.size());
    Duration between = answer.pacing().between();
    for (int i = 0; i < last; i++) {
      stall(steps, i);
      if (i > 0) {
        wait(steps, between);
      }
      steps.add(new Step.Piece(pieces.get(i)));
      if (i == repeated && answer.repeats() > 1) {
        steps.add(new Step.Repeat(pieces.get(i), answer.repeats() - 1, between));
      }
    }
    stall(steps, last);
    List<Body> ending = ending(form, told);
    if (!ending.isEmpty() && last > 0) {
      wait(steps, between);
    }
    ending.forEach(body -> steps.add(new Step.Piece(body)));
  }

  private void stall(List<Step> steps, int piecesBefore) {
    for (Fault fault : faults) {
      if (fault instanceof Fault.Stall(int after, Duration length) && after == piecesBefore) {
        wait(steps, length);
      }
    }
  }

  /** How many pieces are sent before the end that a fault brings. */
  private int lastPiece(int pieces) {
    int last = pieces;
    for (Fault fault : faults) {
      last =
          switch (fault) {
            case Fault.ErrorLine error -> Math.min(last, error.afterPieces());
            case Fault.SseError error -> Math.min(last, error.afterPieces());
            case Fault.Status _,
                Fault.CutAfter _,
                Fault.Stall _,
                Fault.SilentHeaders _,
                Fault.Refuse _,
                Fault.Raw _,
                Fault.NoFinish _ ->
                last;
          };
    }
    return last;
  }

  private List<Body> ending(Form form, Answer answer) {
    List<Body> ending = form.ending(answer);
    for (Fault fault : faults) {
      ending =
          switch (fault) {
            case Fault.ErrorLine error -> List.of(form.failure(error.text()));
            case Fault.SseError error -> List.of(form.event(error.json()));
            case Fault.NoFinish _ -> List.of();
            case Fault.Status _,
                Fault.CutAfter _,
                Fault.Stall _,
                Fault.SilentHeaders _,
                Fault.Refuse _,
                Fault.Raw _ ->
                ending;
          };
    }
    return ending;
  }

  private Script whole(Form form, Answer answer) {
    List<Step> steps = new ArrayList<>();
    wait(steps, answer.pacing().beforeHeaders());
    wait(steps, answer.pacing().beforeFirst());
    int pieces = answer.reasoning().size() + answer.text().size() + answer.calls().size();
    for (int i = 0; i <= pieces; i++) {
      stall(steps, i);
      if (i > 0 && i < pieces) {
        wait(steps, answer.pacing().between());
      }
    }
    for (Fault fault : faults) {
      if (fault instanceof Fault.ErrorLine error) {
        Body body = Body.of(form.error(500, error.text()));
        steps.addAll(Script.fromGo(500, form.wholeType(), body).steps());
        return Script.of(steps);
      }
    }
    steps.addAll(Script.fromGo(200, form.wholeType(), form.whole(answer)).steps());
    return Script.of(steps);
  }

  /** Applies what acts on any response: replacement, silence before it, a cut. */
  private Script spoil(Script clean, Framing framing) {
    List<Step> steps = new ArrayList<>(clean.steps());
    long cutAfter = Long.MAX_VALUE;
    Fault.How how = Fault.How.FIN;
    for (Fault fault : faults) {
      switch (fault) {
        case Fault.Status status -> replace(steps, status(status));
        case Fault.Raw raw -> replace(steps, Script.whole(200, raw.contentType(), raw.body()));
        case Fault.Refuse _ -> replace(steps, Script.of(List.of(new Step.Close(Fault.How.FIN))));
        case Fault.CutAfter cut -> {
          cutAfter = cut.bytes();
          how = cut.how();
        }
        case Fault.SilentHeaders silence -> steps.addFirst(new Step.Wait(silence.length()));
        case Fault.Stall _, Fault.ErrorLine _, Fault.SseError _, Fault.NoFinish _ -> {}
      }
    }
    if (how == Fault.How.CLEAN_END) {
      shorten(steps, cutAfter);
    }
    return new Script(steps, cutAfter, how, framing);
  }

  /** Puts another response in place of this one, behind the waits that led to it. */
  private static void replace(List<Step> steps, Script other) {
    int head = 0;
    while (head < steps.size() && steps.get(head) instanceof Step.Wait) {
      head++;
    }
    steps.subList(head, steps.size()).clear();
    steps.addAll(other.steps());
  }

  private static Script status(Fault.Status status) {
    List<Header> headers = new ArrayList<>(status.headers());
    if (Header.first(headers, "Content-Type").isEmpty()) {
      headers.addFirst(new Header("Content-Type", JSON));
    }
    return Script.whole(status.code(), headers, Body.of(status.body()));
  }

  /** A body that ends cleanly too early must not have promised more. */
  private static void shorten(List<Step> steps, long bytes) {
    steps.replaceAll(
        step ->
            step instanceof Step.Head head && !head.chunked() && head.contentLength() > bytes
                ? new Step.Head(head.status(), head.reason(), head.headers(), bytes)
                : step);
  }

  private static void wait(List<Step> steps, Duration length) {
    if (length.isPositive()) {
      steps.add(new Step.Wait(length));
    }
  }

  private static List<Header> type(String contentType) {
    return List.of(new Header("Content-Type", contentType));
  }
}
