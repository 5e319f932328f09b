package dev.plimsoll.soak;

import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One request: what is asked, what the server does, when the client goes. All of it follows from
 * its number, so that server and client need no other agreement.
 *
 * @param stream whether the client streams
 * @param onlyOnce whether the fault is gone when the server is asked again
 */
record Scene(
    long number,
    Errand errand,
    boolean stream,
    Question question,
    Answer answer,
    Optional<Fault> fault,
    boolean onlyOnce,
    Leave leave) {
  static final String ARGUMENTS = "{\"path\":\"src/Main.java\"}";

  private static final List<Leave> EARLY =
      List.of(
          Leave.IN_THE_MIDDLE_OF_ITS_BODY,
          Leave.AT_ONCE,
          Leave.AFTER_THE_HEAD,
          Leave.IN_THE_MIDDLE_OF_THE_ANSWER);

  private static final int FAULTS_PERCENT = 30;
  private static final int LEAVING_PERCENT = 30;
  private static final int LONG_PERCENT = 10;
  private static final int MOST_PIECES = 30;
  private static final int MOST_PAUSE_MILLIS = 20;

  static Scene of(long number) {
    SplittableRandom random = new SplittableRandom(number);
    Errand errand = Errand.any(random);
    boolean stream = errand != Errand.EMBEDDINGS && random.nextInt(100) < 70;
    int padding = random.nextInt(100) < LONG_PERCENT ? random.nextInt(200_000) : 200;
    Question question =
        switch (errand) {
          case CHAT -> Question.chat(number, stream, false, padding);
          case CALL -> Question.chat(number, stream, true, padding);
          case COMPLETION -> Question.completion(number, stream);
          case EMBEDDINGS -> Question.embeddings(number);
          case DISCOVERY -> Question.discovery(random);
          case REFUSED -> Question.refused(random);
        };
    Answer answer = answer(errand, random);
    Optional<Fault> fault =
        random.nextInt(100) < FAULTS_PERCENT
            ? Optional.of(fault(random, answer.text().size()))
            : Optional.empty();
    Leave leave =
        errand.asksAModel() && random.nextInt(100) < LEAVING_PERCENT
            ? EARLY.get(random.nextInt(EARLY.size()))
            : Leave.WHEN_ANSWERED;
    return new Scene(number, errand, stream, question, answer, fault, random.nextBoolean(), leave);
  }

  /**
   * A chat whose client stays; of three in ten the first answer breaks, in a way to recover from.
   */
  static Scene recoverable(long number) {
    SplittableRandom random = new SplittableRandom(number);
    Errand errand = random.nextInt(3) == 0 ? Errand.CALL : Errand.CHAT;
    boolean stream = random.nextInt(100) < 70;
    Question question = Question.chat(number, stream, errand == Errand.CALL, 200);
    Answer answer = answer(errand, random);
    Optional<Fault> fault =
        random.nextInt(100) < FAULTS_PERCENT
            ? Optional.of(passing(random, answer.text().size()))
            : Optional.empty();
    return new Scene(number, errand, stream, question, answer, fault, true, Leave.WHEN_ANSWERED);
  }

  private static Fault passing(SplittableRandom random, int pieces) {
    int bytes = random.nextInt(2000);
    return switch (random.nextInt(9)) {
      case 0 -> Fault.nativeError(500, "something broke");
      case 1 -> Fault.busy();
      case 2 -> Fault.runnerStopped();
      case 3 -> new Fault.CutAfter(bytes, Fault.How.FIN);
      case 4 -> new Fault.CutAfter(bytes, Fault.How.RST);
      case 5 -> new Fault.CutAfter(bytes, Fault.How.CLEAN_END);
      case 6 -> Fault.runnerDied(random.nextInt(pieces + 1));
      case 7 -> new Fault.Refuse();
      default -> new Fault.NoFinish();
    };
  }

  private static Answer answer(Errand errand, SplittableRandom random) {
    String[] pieces = new String[1 + random.nextInt(MOST_PIECES)];
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = "w" + i + (random.nextInt(4) == 0 ? " é😀 " : " ");
    }
    Answer text = Answer.text(pieces).between(Duration.ofMillis(random.nextInt(MOST_PAUSE_MILLIS)));
    return errand == Errand.CALL ? text.call("call_1", "read", ARGUMENTS) : text;
  }

  private static Fault fault(SplittableRandom random, int pieces) {
    int somewhere = random.nextInt(pieces + 1);
    Duration shortly = Duration.ofMillis(50 + random.nextInt(400));
    return switch (random.nextInt(12)) {
      case 0 -> Fault.nativeError(500, "something broke");
      case 1 -> Fault.busy();
      case 2 -> Fault.runnerStopped();
      case 3 -> Fault.contextExceeded(9000, 4096);
      case 4 -> new Fault.CutAfter(random.nextInt(2000), Fault.How.FIN);
      case 5 -> new Fault.CutAfter(random.nextInt(2000), Fault.How.RST);
      case 6 -> new Fault.CutAfter(random.nextInt(2000), Fault.How.CLEAN_END);
      case 7 -> new Fault.Stall(somewhere, shortly);
      case 8 -> new Fault.SilentHeaders(shortly);
      case 9 -> Fault.runnerDied(somewhere);
      case 10 -> new Fault.Refuse();
      default -> new Fault.Raw("<html>no model here</html>", "text/html");
    };
  }

  /**
   * What the server does, when it is asked for the first time and when it is asked again.
   *
   * @param said the text that it goes on behind: what of the answer stands there is not said again
   */
  Reply reply(boolean first, String said) {
    Answer rest = behind(said);
    return fault.isPresent() && (first || !onlyOnce) ? rest.with(fault.get()) : rest;
  }

  private Answer behind(String said) {
    List<String> pieces = answer.text();
    for (int count = pieces.size(); count > 0; count--) {
      if (said.endsWith(String.join("", pieces.subList(0, count)))) {
        return answer.withText(pieces.subList(count, pieces.size()));
      }
    }
    return answer;
  }

  /** Whether nothing stands in the way of the whole answer but a pause. */
  boolean mustSucceed() {
    return fault.isEmpty()
        || fault.get() instanceof Fault.Stall
        || fault.get() instanceof Fault.SilentHeaders;
  }

  /** The text of the whole answer. */
  String text() {
    return String.join("", answer.text());
  }
}
