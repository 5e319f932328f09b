package dev.plimsoll.compact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.tokens.Budget;
import dev.plimsoll.tokens.MessageReader;
import dev.plimsoll.tokens.MessageText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * What the fold keeps and what it costs, on small runs of our own: an agent that reads, edits and
 * tests a dozen files, and comes back to what it saw long ago. docs/compaction.md has the figures
 * of recorded runs.
 */
class QuickBenchmarkTest {
  private static final int FILES = 12;
  private static final int ROUNDS = 150;
  private static final int RUNS = 4;

  private final LetterCounter counter = new LetterCounter();
  private final Terms terms = Terms.of(Budget.of(32_768, OptionalInt.empty(), 0.02), 7000, 0.18);

  private long names;
  private long namesSeen;
  private long edits;
  private long editsGrounded;
  private long added;
  private long evaluated;
  private String last = "";

  @Test
  void littleIsLostAndLittleIsEvaluatedAgain() {
    for (int run = 0; run < RUNS; run++) {
      last = "";
      play(new SplittableRandom(run));
    }
    assertThat(names).isGreaterThan(300);
    assertThat((double) namesSeen / names).as("names still in sight").isGreaterThan(0.97);
    assertThat((double) editsGrounded / edits).as("edits grounded").isGreaterThan(0.9);
    assertThat((double) evaluated / added).as("evaluated for what is new").isLessThan(2.0);
  }

  private void play(SplittableRandom random) {
    Fold fold = new Fold(new FoldCache(1 << 22));
    Story story = new Story().system("You are an agent.").user("Let every reader take a limit.");
    for (int round = 0; round < ROUNDS; round++) {
      int file = random.nextInt(FILES);
      int place = random.nextInt(3);
      String old = target(file, place);
      boolean known = mentions(story, old);
      ChatRequest request = story.request();
      Plan plan = fold.plan(request, terms, counter);
      cost(PlannedBody.of(request, plan), story);
      if (plan.originalTokens() > terms.budget().prompt() && known) {
        measure(PlannedBody.of(request, plan), file, old);
      }
      story.works("Let me look at " + target(file, place) + " again.", step(random, file, place));
    }
  }

  private static boolean mentions(Story story, String text) {
    return story.messages().stream().anyMatch(message -> message.contains(text));
  }

  private static List<Story.Call> step(SplittableRandom random, int file, int place) {
    List<Story.Call> made = new ArrayList<>();
    made.add(Story.Call.read(path(file), content(file)));
    if (random.nextInt(3) == 0) {
      made.add(Story.Call.run("python -m pytest tests/test_" + file + ".py", "12 passed"));
    }
    if (random.nextInt(2) == 0) {
      String text = "def " + target(file, place) + "(source, limit):\n    return limit\n";
      made.add(Story.Call.write("notes/plan_" + file + ".md", text));
    }
    return made;
  }

  private static String path(int file) {
    return "src/readers/reader_number_" + file + ".py";
  }

  private static String target(int file, int place) {
    return "read_part_" + file + "_" + place;
  }

  private static String content(int file) {
    StringBuilder out = new StringBuilder();
    for (int line = 0; line < 90; line++) {
      out.append(line + 1).append('\t');
      out.append(line % 30 == 10 ? "def " + target(file, line / 30) + "(source):" : "    pass");
      out.append("  # line ").append(line).append(" of ").append(file).append('\n');
    }
    return out.toString();
  }

  private void measure(ChatRequest sent, int file, String old) {
    StringBuilder text = new StringBuilder();
    for (MessageText message : new MessageReader(sent).all()) {
      text.append(message.content()).append('\n');
      message.calls().forEach(call -> text.append(call.arguments()).append('\n'));
    }
    names += 2;
    namesSeen += text.indexOf(path(file)) >= 0 ? 1 : 0;
    namesSeen += text.indexOf(old) >= 0 ? 1 : 0;
    edits++;
    editsGrounded += text.indexOf("def " + old + "(source") >= 0 ? 1 : 0;
  }

  /** Letters of the prompt behind what the prompt before had alike. */
  private void cost(ChatRequest sent, Story story) {
    String body = new String(sent.bytes(), StandardCharsets.UTF_8);
    int same = 0;
    while (same < Math.min(last.length(), body.length())
        && last.charAt(same) == body.charAt(same)) {
      same++;
    }
    if (!last.isEmpty()) {
      evaluated += body.length() - same;
      added += newest(story);
    }
    last = body.substring(0, body.lastIndexOf("],\"tools\""));
  }

  /** Letters of the newest round. */
  private static long newest(Story story) {
    long sum = 0;
    for (int i = story.size() - 1; i > 0; i--) {
      sum += story.messages().get(i).length();
      if (story.messages().get(i).startsWith("{\"role\":\"assistant\"")) {
        break;
      }
    }
    return sum;
  }
}
