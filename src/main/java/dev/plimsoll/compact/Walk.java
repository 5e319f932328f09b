package dev.plimsoll.compact;

import dev.plimsoll.chat.Role;
import dev.plimsoll.tokens.MessageCounter;
import dev.plimsoll.tokens.MessageText;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A fold under way: goes over the messages one by one and lets a {@link Batch} make room where the
 * prompt would not fit.
 */
final class Walk {
  private final Transcript transcript;
  private final Terms terms;
  private final MessageCounter counter;
  private final int[] costs;
  private final float[] shares;
  private final int opening;

  private int count;
  private int boundary = -1;
  private int from;
  private int batches;
  private int inRow;
  private long head;
  private float taskShare = Shown.WHOLE;
  private long original;
  private long live;
  private Log memory = Log.EMPTY;
  private Log shown = Log.EMPTY;
  private NameUses uses = new NameUses();
  private FileUses files = new FileUses();

  /** A walk from the start. */
  Walk(Transcript transcript, Terms terms, MessageCounter counter) {
    this.transcript = transcript;
    this.terms = terms;
    this.counter = counter;
    this.costs = new int[transcript.size()];
    this.shares = new float[transcript.size()];
    this.opening = opening(transcript, counter);
    Arrays.fill(shares, Shown.WHOLE);
    this.from = transcript.task() + 1;
  }

  /** A walk that goes on where another one stood. */
  Walk(Transcript transcript, Terms terms, MessageCounter counter, State state) {
    this(transcript, terms, counter);
    count = state.count();
    boundary = state.boundary();
    from = state.from();
    batches = state.batches();
    inRow = state.inRow();
    head = state.head();
    taskShare = state.taskShare();
    original = state.original();
    live = state.live();
    System.arraycopy(state.costs(), 0, costs, from, state.costs().length);
    System.arraycopy(state.shares(), 0, shares, from, state.shares().length);
    memory = state.memory();
    shown = state.shown();
    uses = state.uses();
    files = state.files();
  }

  private static int opening(Transcript transcript, MessageCounter counter) {
    int text = counter.text("\n\n" + Log.OPENING);
    boolean own = transcript.task() == Transcript.NO_TASK;
    return own ? text + counter.message(MessageText.of(Role.USER, ""), null) : text;
  }

  /** Where it stands now. */
  State state() {
    int start = Math.min(from, count);
    return new State(
        transcript.task(),
        count,
        boundary,
        from,
        batches,
        inRow,
        head,
        taskShare,
        original,
        live,
        Arrays.copyOfRange(costs, start, count),
        Arrays.copyOfRange(shares, start, count),
        memory,
        shown,
        uses,
        files);
  }

  /** Folds all messages but the boundary at their end. */
  void run() {
    while (count < transcript.size()) {
      if (transcript.role(count) == Role.ASSISTANT) {
        boundary();
      }
      add(count++);
    }
  }

  private void add(int index) {
    costs[index] = cost(index, transcript.text(index));
    original += costs[index];
    if (index <= transcript.task()) {
      head += costs[index];
      return;
    }
    live += costs[index];
    if (batches > 0) {
      limit(index, terms.giant());
    }
  }

  /** A request ends here, or ended here once: what was folded has to fit. */
  void boundary() {
    if (boundary == count || count < from) {
      return;
    }
    boundary = count;
    if (fits()) {
      inRow = 0;
    } else {
      new Batch(this).run();
      inRow++;
    }
  }

  /** How often room was made so far. */
  int batches() {
    return batches;
  }

  /** What the whole prompt costs as it is planned now. */
  long planned() {
    return terms.fixed() + used();
  }

  boolean fits() {
    return planned() <= terms.budget().prompt();
  }

  /** What is taken of the room. */
  long used() {
    return head + logCost() + live;
  }

  private long logCost() {
    return shown.isEmpty() ? 0 : opening + shown.tokens();
  }

  Transcript transcript() {
    return transcript;
  }

  Terms terms() {
    return terms;
  }

  MessageCounter counter() {
    return counter;
  }

  int count() {
    return count;
  }

  int from() {
    return from;
  }

  long original() {
    return original;
  }

  int inRow() {
    return inRow;
  }

  long head() {
    return head;
  }

  long live() {
    return live;
  }

  Log memory() {
    return memory;
  }

  Log shown() {
    return shown;
  }

  int cost(int index) {
    return costs[index];
  }

  /** What the messages before an index cost, from another on. */
  long tokens(int start, int end) {
    long sum = 0;
    for (int i = start; i < end; i++) {
      sum += costs[i];
    }
    return sum;
  }

  /** Notes that this is a batch; true for the first one, from which on outputs are tidied. */
  boolean beginBatch() {
    batches++;
    uses = uses.copy();
    files = files.copy();
    return batches == 1;
  }

  NameUses uses() {
    return uses;
  }

  FileUses files() {
    return files;
  }

  /** The messages before {@code cut} are out of the conversation. */
  void leave(int cut) {
    live -= tokens(from, cut);
    from = cut;
    if (cut < count) {
      live -= costs[cut];
      costs[cut] = cost(cut, shown(cut));
      live += costs[cut];
    }
  }

  /** Sets what the log is from now on. */
  void remember(Log all, Log inPrompt) {
    memory = all;
    shown = inPrompt;
  }

  /** Lets a message have at most so many tokens; from then on it is never longer. */
  void limit(int index, int tokens) {
    float share = Math.min(shares[index], share(index, costs[index], tokens));
    if (share == shares[index]) {
      return;
    }
    int cost = cost(index, Shown.of(transcript.text(index), share));
    if (cost < costs[index]) {
      shares[index] = share;
      live += cost - costs[index];
      costs[index] = cost;
    }
  }

  /**
   * Leaves of an assistant's message the names of its calls, if it has any and that frees enough.
   */
  void bare(int index, long tokens) {
    MessageText text = transcript.text(index);
    int cost = cost(index, Shown.of(text, Shown.BARE));
    if (!text.calls().isEmpty() && costs[index] - cost >= tokens) {
      shares[index] = Shown.BARE;
      live += cost - costs[index];
      costs[index] = cost;
    }
  }

  /** What the task's message costs, without the log. */
  int taskCost() {
    int task = transcript.task();
    return task == Transcript.NO_TASK ? 0 : cost(task, shown(task));
  }

  /** Lets the task's message have at most so many tokens. */
  void limitTask(int tokens) {
    int old = taskCost();
    int task = transcript.task();
    float share = Math.min(taskShare, share(task, old, tokens));
    int cost = cost(task, Shown.of(transcript.text(task), share));
    if (cost < old) {
      taskShare = share;
      head += cost - old;
    }
  }

  private float share(int index, int whole, int tokens) {
    return Shown.share(transcript.text(index), whole, tokens, text -> cost(index, text));
  }

  private int cost(int index, MessageText text) {
    return counter.message(text, before(index));
  }

  /** What is sent of a message, the log left out. */
  MessageText shown(int index) {
    return Shown.of(transcript.text(index), shareOf(index));
  }

  /** Whether the message lost its middle. */
  boolean isCut(int index) {
    return shares[index] < Shown.TIDY;
  }

  boolean isWhole(int index) {
    return shareOf(index) == Shown.WHOLE;
  }

  private float shareOf(int index) {
    return index == transcript.task() ? taskShare : shares[index];
  }

  /** The role in front of a message as it is sent. */
  private @Nullable Role before(int index) {
    boolean first = index == from && index > transcript.task() + 1;
    return first ? Role.USER : transcript.before(index);
  }
}
