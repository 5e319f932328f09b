package dev.plimsoll.compact;

import dev.plimsoll.tokens.MessageCounter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses lines of files that are likely to be needed again: what was written, and of what was read
 * the lines around names that the assistant spoke, most of all in files that are read and changed
 * often.
 */
final class Excerpts {
  /** Lines on either side of one that holds a spoken name. */
  private static final int AROUND = 3;

  /** A gap of so few lines costs more to tell than to fill. */
  private static final int SMALL_GAP = 4;

  /** So many messages make a read as old as one more use of its file makes it worth keeping. */
  private static final int AGE = 10;

  private static final int MOST_WRITTEN = 40;
  private static final int SHORTEST_LINE = 4;

  private final MessageCounter counter;
  private final Sight sight;
  private final NameUses uses;
  private final FileUses files;
  private final List<Candidate> candidates = new ArrayList<>();

  private record Candidate(int at, String path, Lines lines, boolean written) {}

  Excerpts(MessageCounter counter, Sight sight, NameUses uses, FileUses files) {
    this.counter = counter;
    this.sight = sight;
    this.uses = uses;
    this.files = files;
  }

  /** A call put these texts into a file. */
  void wrote(int at, String path, List<String> texts) {
    List<Lines.Line> lines = new ArrayList<>();
    texts.forEach(text -> lines.addAll(Lines.of(text).all()));
    List<Lines.Line> first = lines.subList(0, Math.min(MOST_WRITTEN, lines.size()));
    candidates.add(new Candidate(at, path, new Lines(first), true));
  }

  /** A call may have shown a file; the answer is which. */
  @Nullable String read(int at, ToolUse use, String result) {
    String command = use.command();
    String path = command == null ? use.path() : shown(command);
    if (path != null) {
      candidates.add(new Candidate(at, path, Lines.of(result), false));
    }
    return path;
  }

  /** The file that a command shows, the one most used when it names several. */
  private @Nullable String shown(String command) {
    if (!CommandText.showsFile(command)) {
      return null;
    }
    String best = null;
    for (String name : Names.in(command)) {
      boolean file = FileEnding.known(name, name.lastIndexOf('.') + 1, name.length());
      if (file && (best == null || files.heat(name) > files.heat(best))) {
        best = name;
      }
    }
    return best;
  }

  /** The best excerpts in so many tokens, oldest first. */
  List<Entry> choose(long tokens) {
    candidates.sort(
        Comparator.comparing((Candidate c) -> !c.written())
            .thenComparingInt(c -> -warmth(c))
            .thenComparingInt(c -> -c.at()));
    long left = tokens;
    List<Entry> chosen = new ArrayList<>();
    for (Candidate candidate : candidates) {
      Entry entry = entry(candidate);
      if (entry != null && entry.tokens() <= left) {
        left -= entry.tokens();
        chosen.add(entry);
        entry.text().lines().forEach(line -> sight.log(Lines.code(line)));
        sight.addNames(entry.text());
      }
    }
    chosen.sort(Comparator.comparingInt(Entry::at));
    return chosen;
  }

  /** A file that is used often counts as much as one that was read ten messages later. */
  private int warmth(Candidate candidate) {
    return AGE * files.heat(candidate.path()) + candidate.at();
  }

  private @Nullable Entry entry(Candidate candidate) {
    boolean[] keep = candidate.written() ? all(candidate.lines()) : near(candidate.lines());
    int fresh = 0;
    int seen = 0;
    List<Lines.Line> lines = candidate.lines().all();
    for (int i = 0; i < lines.size(); i++) {
      String code = lines.get(i).code();
      if (keep[i] && code.strip().length() >= SHORTEST_LINE) {
        seen++;
        boolean known = candidate.written() ? sight.isLogged(code) : sight.hasLine(code);
        fresh += known ? 0 : 1;
      }
    }
    boolean enough = candidate.written() || 10 * fresh >= 3 * seen;
    if (fresh == 0 || !enough) {
      return null; // the model sees most of it elsewhere
    }
    String path = Quoted.line(candidate.path(), Names.LONGEST);
    String text = "lines of " + path + ":\n" + candidate.lines().text(keep);
    return new Entry(Entry.Kind.EXCERPT, path, "", text, counter.text(text), candidate.at());
  }

  private static boolean[] all(Lines lines) {
    boolean[] keep = new boolean[lines.all().size()];
    Arrays.fill(keep, true);
    return keep;
  }

  private boolean[] near(Lines lines) {
    int count = lines.all().size();
    boolean[] keep = new boolean[count];
    int last = -1 - SMALL_GAP;
    for (int i = 0; i < count; i++) {
      if (speaksOf(lines.all().get(i).code())) {
        int start = Math.max(0, i - AROUND);
        boolean small = start - last <= SMALL_GAP;
        int end = Math.min(count, i + AROUND + 1);
        Arrays.fill(keep, small ? Math.max(0, last) : start, end, true);
        last = end;
      }
    }
    if (last > 0 && count - last <= SMALL_GAP) {
      Arrays.fill(keep, last, count, true);
    }
    return keep;
  }

  private boolean speaksOf(String line) {
    return Names.in(line).stream().anyMatch(name -> uses.spoken(name) > 0);
  }
}
