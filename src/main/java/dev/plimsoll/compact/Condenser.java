package dev.plimsoll.compact;

import dev.plimsoll.tokens.MessageCounter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Makes a log that has grown too long shorter.
 *
 * <p>Whole records stay in this order, each kind within its share: the user's words, the account of
 * earlier work, the list of things to do, excerpts of the files used most, the newest calls and
 * remarks. What is left of the room goes to names and commands out of all other records, those used
 * most first.
 */
final class Condenser {
  private static final double USER = 0.5;
  private static final double USER_QUOTES = 0.1;

  /** What stays of the user's older words, in characters. */
  private static final int QUOTE = 200;

  private static final double ACCOUNT = 0.35;
  private static final double TASKS = 0.2;
  private static final double EXCERPTS = 0.25;
  private static final double NEWEST = 0.25;
  private static final double COMMANDS = 0.2;

  /** So many messages make an excerpt as old as one read of its file makes it worth keeping. */
  private static final int AGE = 20;

  private static final String NAMES_LINE = "names in earlier work: ";
  private static final String COMMANDS_LINE = "commands run earlier:\n";

  private final MessageCounter counter;
  private final NameUses uses;
  private final FileUses files;
  private final List<Entry> entries;
  private final Set<Entry> kept = new HashSet<>();
  private long left;

  Condenser(MessageCounter counter, NameUses uses, FileUses files, Log log) {
    this.counter = counter;
    this.uses = uses;
    this.files = files;
    this.entries = new ArrayList<>(log.entries());
  }

  /** The log in at most so many tokens. */
  Log to(long target) {
    left = target;
    keep(of(Entry.Kind.USER).reversed(), (long) (USER * target), false);
    entries.replaceAll(this::quoteUser);
    keep(of(Entry.Kind.USER).reversed(), (long) (USER_QUOTES * target), false);
    keep(of(Entry.Kind.ACCOUNT), (long) (ACCOUNT * target), false);
    List<Entry> tasks = of(Entry.Kind.TASKS);
    keep(tasks.subList(Math.max(0, tasks.size() - 1), tasks.size()), (long) (TASKS * target), true);
    keep(hottest(of(Entry.Kind.EXCERPT)), (long) (EXCERPTS * target), false);
    keep(select(Condenser::isWork).reversed(), (long) (NEWEST * target), true);
    List<Entry> out = new ArrayList<>(digest((long) (COMMANDS * target)));
    entries.stream().filter(kept::contains).forEach(out::add);
    return Log.of(out);
  }

  private List<Entry> of(Entry.Kind kind) {
    return select(entry -> entry.kind() == kind);
  }

  private List<Entry> select(Predicate<Entry> wanted) {
    return entries.stream().filter(wanted).toList();
  }

  private static boolean isWork(Entry entry) {
    return entry.kind() == Entry.Kind.DID || entry.kind() == Entry.Kind.SAID;
  }

  private List<Entry> hottest(List<Entry> excerpts) {
    List<Entry> ranked = new ArrayList<>(excerpts);
    ranked.sort(
        Comparator.comparingInt((Entry e) -> -(AGE * files.heat(e.subject()) + e.at()))
            .thenComparingInt(e -> -e.at()));
    return ranked;
  }

  /** The user's words in short where they cannot stay whole. */
  private Entry quoteUser(Entry entry) {
    if (entry.kind() != Entry.Kind.USER || kept.contains(entry)) {
      return entry;
    }
    String text = Quoted.line(entry.text(), QUOTE) + "\n";
    return new Entry(entry.kind(), "", "", text, counter.text(text), entry.at());
  }

  /** Keeps entries in the given order as long as the share lasts; a large one may be left out. */
  private void keep(List<Entry> ordered, long share, boolean inARow) {
    long most = Math.min(share, left);
    for (Entry entry : ordered) {
      if (kept.contains(entry)) {
        continue;
      }
      if (entry.tokens() <= most) {
        most -= entry.tokens();
        left -= entry.tokens();
        kept.add(entry);
      } else if (inARow) {
        return;
      }
    }
  }

  private record Piece(String text, boolean command, int rank, int last) {}

  /** Names and commands that would be gone otherwise. */
  private List<Entry> digest(long commandShare) {
    Sight sight = new Sight();
    for (Entry entry : entries) {
      if (kept.contains(entry)) {
        sight.addNames(entry.text());
        entry.call().lines().forEach(sight::log);
      }
    }
    List<Piece> pieces = pieces(sight);
    long room = left - counter.text(NAMES_LINE) - counter.text(COMMANDS_LINE);
    long commandRoom = Math.min(room, commandShare);
    List<String> names = new ArrayList<>();
    List<String> commands = new ArrayList<>();
    for (Piece piece : pieces) {
      int cost = counter.text(piece.text()) + 1;
      boolean known = !piece.command() && sight.hasName(piece.text());
      if (known || cost > (piece.command() ? Math.min(room, commandRoom) : room)) {
        continue;
      }
      room -= cost;
      commandRoom -= piece.command() ? cost : 0;
      (piece.command() ? commands : names).add(piece.text());
      sight.addNames(piece.text());
    }
    List<Entry> out = new ArrayList<>();
    if (!names.isEmpty()) {
      out.add(digest("", NAMES_LINE + String.join(", ", names) + "\n"));
    }
    if (!commands.isEmpty()) {
      String lines = String.join("\n", commands);
      out.add(digest(lines, COMMANDS_LINE + lines + "\n"));
    }
    return out;
  }

  private Entry digest(String call, String text) {
    return new Entry(Entry.Kind.DIGEST, "", call, text, counter.text(text), 0);
  }

  /** The names and commands of records that are not kept, the best first. */
  private List<Piece> pieces(Sight sight) {
    Set<String> names = new LinkedHashSet<>();
    Set<String> commands = new LinkedHashSet<>();
    Set<String> single = new HashSet<>();
    for (Entry entry : entries) {
      if (!kept.contains(entry)) {
        names.addAll(Names.in(entry.text()));
        List<String> lines = CommandText.lines(entry.call());
        commands.addAll(lines);
        if (entry.call().indexOf('\n') < 0) {
          single.addAll(lines);
        }
      }
    }
    List<Piece> pieces = new ArrayList<>();
    for (String name : names) {
      int rank = NameRank.of(name, uses);
      if (rank > NameRank.NEVER && !sight.hasName(name)) {
        pieces.add(new Piece(name, false, rank, uses.last(name)));
      }
    }
    for (String line : commands) {
      int times = uses.spoken(line);
      boolean worth = times > 1 || (times == 1 && single.contains(line));
      if (worth && !sight.isLogged(line)) {
        int rank = times > 1 ? NameRank.REPEATED_COMMAND + times : NameRank.COMMAND;
        pieces.add(new Piece(line, true, rank, uses.last(line)));
      }
    }
    pieces.sort(Comparator.comparingInt((Piece p) -> -p.rank()).thenComparingInt(p -> -p.last()));
    return pieces;
  }
}
