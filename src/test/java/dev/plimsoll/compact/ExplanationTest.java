package dev.plimsoll.compact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Role;
import dev.plimsoll.compact.Explanation.Line;
import dev.plimsoll.tokens.Budget;
import dev.plimsoll.tokens.MessageReader;
import dev.plimsoll.tokens.MessageText;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static final LetterCounter COUNTER = new LetterCounter();
  private static final int WINDOW = 16_384;

  private static List<Integer> each(ChatRequest request) {
    List<Integer> tokens = new ArrayList<>();
    Role before = Role.SYSTEM;
    for (MessageText message : new MessageReader(request).all()) {
      boolean system = Transcript.isSystem(message.role());
      tokens.add(system ? 0 : COUNTER.message(message, before));
      before = message.role();
    }
    return tokens;
  }

  private static Plan plan(ChatRequest request) {
    Terms terms = Terms.of(Budget.of(WINDOW, OptionalInt.empty(), 0.02), 2000, 0.18);
    return new Fold(new FoldCache(1 << 20)).plan(request, terms, COUNTER);
  }

  private static int sum(List<Integer> tokens) {
    return tokens.stream().mapToInt(Integer::intValue).sum();
  }

  @Test
  void everyMessageHasALineWithItsFateReasonAndCosts() {
    ChatRequest request = new Stories(new SplittableRandom(5)).run(60).request();
    Plan plan = plan(request);
    ChatRequest shorter = PlannedBody.of(request, plan);

    List<Line> lines = Explanation.lines(request, plan, shorter, ExplanationTest::each);

    assertThat(lines).hasSameSizeAs(request.messages());
    assertThat(lines).noneMatch(line -> line.why().isBlank());
    assertThat(lines).extracting(Line::tokens).isEqualTo(each(request));
    assertThat(lines).extracting(Line::fate).contains(Fate.DROPPED, Fate.HOST, Fate.KEPT);
    assertThat(lines)
        .allSatisfy(
            line -> {
              switch (line.fate()) {
                case DROPPED -> assertThat(line.sent()).isZero();
                case HOST -> assertThat(line.sent()).isGreaterThan(line.tokens());
                case KEPT -> {}
                case MASKED, ELIDED -> assertThat(line.sent()).isLessThan(line.tokens());
              }
            });
    assertThat(lines.stream().mapToInt(Line::sent).sum()).isEqualTo(sum(each(shorter)));
  }

  @Test
  void aMessageMadeForTheLogIsNoneOfTheLines() {
    Story story = new Story().system("s");
    for (int i = 0; i < 40; i++) {
      String text = ("line of part " + i + "\n").repeat(200);
      story.works("step " + i, List.of(Story.Call.read("a" + i + ".py", text)));
    }
    ChatRequest request = story.request();
    Plan plan = plan(request);
    ChatRequest shorter = PlannedBody.of(request, plan);

    List<Line> lines = Explanation.lines(request, plan, shorter, ExplanationTest::each);

    assertThat(plan.hosted()).isFalse();
    assertThat(plan.log()).isNotEmpty();
    assertThat(lines).hasSameSizeAs(request.messages());
    List<Integer> sent = each(shorter);
    assertThat(lines.stream().mapToInt(Line::sent).sum()).isEqualTo(sum(sent) - sent.get(1));
    assertThat(lines.getLast().sent()).isEqualTo(sent.getLast());
  }

  @Test
  void aRequestThatFitsIsKeptWhole() {
    ChatRequest request = new Story().system("s").user("task").request();

    List<Line> lines = Explanation.lines(request, null, request, ExplanationTest::each);

    assertThat(lines).allMatch(line -> line.fate() == Fate.KEPT && line.sent() == line.tokens());
  }
}
