package dev.plimsoll.compact;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Message;
import dev.plimsoll.chat.Role;
import dev.plimsoll.tokens.Budget;
import dev.plimsoll.tokens.Planned;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What would become of a request, for people and programs to read: each message's fate, why, and
 * what it costs. Quotes nothing of the messages but in the log.
 *
 * @param model the model as its server spells it
 * @param budget how its window is shared out; null when the window is not known
 * @param fixed tokens of system messages, tools and what opens the answer
 * @param original the prompt as the request came
 * @param sent the prompt as it would be sent, or the shortest that could be made
 * @param depth how much is taken away
 * @param lines one for each message of the request
 * @param log what stands behind the task of what left; empty when nothing did
 * @param refusal the error that an agent would get; empty when the request would be sent
 */
public record Explanation(
    String model,
    @Nullable Budget budget,
    long fixed,
    Planned original,
    Planned sent,
    Plan.Depth depth,
    List<Line> lines,
    String log,
    String refusal) {
  /** Copies the list. */
  public Explanation {
    lines = List.copyOf(lines);
  }

  /**
   * One message.
   *
   * @param index its place in the request
   * @param tokens what it costs as it came; 0 for those of the system, which are in the fixed part
   * @param sent what it costs as it is sent, the log included if it carries that
   * @param why the reason for its fate
   */
  public record Line(int index, Role role, int tokens, int sent, Fate fate, String why) {}

  /**
   * The lines of a request that is sent by a plan.
   *
   * @param plan null when the request is sent as it came
   * @param shorter the request that the plan makes; the same one without a plan
   * @param counter gives the tokens of each message of a request, in its order
   */
  public static List<Line> lines(
      ChatRequest request,
      @Nullable Plan plan,
      ChatRequest shorter,
      Function<ChatRequest, List<Integer>> counter) {
    List<Integer> before = counter.apply(request);
    return plan == null
        ? asItCame(request, before)
        : planned(request, plan, before, counter.apply(shorter));
  }

  private static List<Line> asItCame(ChatRequest request, List<Integer> tokens) {
    List<Line> lines = new ArrayList<>();
    List<Message> messages = request.messages();
    for (int i = 0; i < messages.size(); i++) {
      int cost = tokens.get(i);
      lines.add(
          new Line(i, messages.get(i).role(), cost, cost, Fate.KEPT, "the request is not changed"));
    }
    return lines;
  }

  private static List<Line> planned(
      ChatRequest request, Plan plan, List<Integer> before, List<Integer> after) {
    List<Line> lines = new ArrayList<>();
    boolean ownMessage = !plan.hosted() && !plan.log().isEmpty();
    int next = 0;
    for (Placement placement : plan.placements()) {
      Role role = request.messages().get(placement.index()).role();
      if (ownMessage && !Transcript.isSystem(role)) {
        next++; // the message made for the log is no message of the client's
        ownMessage = false;
      }
      int sent = placement.isSent() ? after.get(next++) : 0;
      int tokens = before.get(placement.index());
      lines.add(new Line(placement.index(), role, tokens, sent, placement.fate(), placement.why()));
    }
    return lines;
  }
}
