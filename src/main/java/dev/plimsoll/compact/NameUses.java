package dev.plimsoll.compact;

import java.util.Arrays;

/**
 * How often names and lines of commands were used in the messages that have left: the ground on
 * which a record that becomes too long forgets some of them.
 *
 * <p>Holds hashes of 32 bits and small counts, 8 bytes a slot, of at most {@value #MOST} names:
 * when more come, those seen once and never spoken are forgotten, the oldest first. Changed by one
 * batch at a time; {@link #copy} makes the one for the next.
 */
final class NameUses {
  static final int MOST = 4096;

  private static final int COUNT_BITS = 4;
  private static final int MOST_COUNTED = (1 << COUNT_BITS) - 1;
  private static final int SPOKEN_AT = COUNT_BITS;
  private static final int DEFINED = 1 << (2 * COUNT_BITS);
  private static final int PLACE_AT = 2 * COUNT_BITS + 1;
  private static final int LAST_PLACE = (1 << (31 - PLACE_AT)) - 1;
  private static final int SMALLEST = 256;

  private int[] names;
  private int[] uses;
  private int count;

  NameUses() {
    this(new int[SMALLEST], new int[SMALLEST], 0);
  }

  private NameUses(int[] names, int[] uses, int count) {
    this.names = names;
    this.uses = uses;
    this.count = count;
  }

  NameUses copy() {
    return new NameUses(names.clone(), uses.clone(), count);
  }

  /** Bytes that this keeps. */
  long weight() {
    return 8L * names.length;
  }

  /**
   * Notes that a message holds the name.
   *
   * @param spoken whether the assistant wrote it itself
   * @param defined whether it stands in a line that defines or imports something
   * @param message the message's index
   */
  void note(String name, boolean spoken, boolean defined, int message) {
    int short32 = hash(name);
    int at = slot(short32);
    if (names[at] == 0) {
      if (4 * (count + 1) > 3 * names.length) {
        makeRoom();
        at = slot(short32);
      }
      names[at] = short32;
      count++;
    }
    int old = uses[at];
    int messages = Math.min(MOST_COUNTED, (old & MOST_COUNTED) + 1);
    int words = Math.min(MOST_COUNTED, ((old >> SPOKEN_AT) & MOST_COUNTED) + (spoken ? 1 : 0));
    int known = (old & DEFINED) | (defined ? DEFINED : 0);
    int place = Math.min(LAST_PLACE, message);
    uses[at] = (place << PLACE_AT) | known | (words << SPOKEN_AT) | messages;
  }

  /** In how many messages the name was, up to 15. */
  int messages(String name) {
    return of(name) & MOST_COUNTED;
  }

  /** In how many of the assistant's own messages it was, up to 15. */
  int spoken(String name) {
    return (of(name) >> SPOKEN_AT) & MOST_COUNTED;
  }

  /** Whether it was seen in a line that defines or imports something. */
  boolean defined(String name) {
    return (of(name) & DEFINED) != 0;
  }

  /** The last message that held it. */
  int last(String name) {
    return of(name) >>> PLACE_AT;
  }

  private int of(String name) {
    return uses[slot(hash(name))];
  }

  private static int hash(String name) {
    long hash = NameSet.hash(name);
    int folded = (int) (hash ^ hash >>> 32);
    return folded == 0 ? 1 : folded;
  }

  private int slot(int name) {
    int mask = names.length - 1;
    int at = name & mask;
    while (names[at] != 0 && names[at] != name) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /**
   * Doubles the room. When that is at its limit, the older half of those seen once is forgotten,
   * and if that is not enough the older half of all.
   */
  private void makeRoom() {
    if (names.length < 2 * MOST) {
      rebuild(2 * names.length, -1, false);
      return;
    }
    int middle = middlePlace();
    rebuild(names.length, middle, true);
    if (2 * count > names.length) {
      rebuild(names.length, middle, false);
    }
  }

  /** Keeps what was used behind a place, and of the rest, if asked for, what was used twice. */
  private void rebuild(int size, int place, boolean keepUsed) {
    NameUses other = new NameUses(new int[size], new int[size], 0);
    for (int i = 0; i < names.length; i++) {
      boolean used = (uses[i] & (DEFINED - 1)) > 1;
      if (names[i] != 0 && (uses[i] >>> PLACE_AT > place || (keepUsed && used))) {
        int at = other.slot(names[i]);
        other.names[at] = names[i];
        other.uses[at] = uses[i];
        other.count++;
      }
    }
    names = other.names;
    uses = other.uses;
    count = other.count;
  }

  private int middlePlace() {
    int[] places = new int[count];
    int found = 0;
    for (int i = 0; i < names.length; i++) {
      if (names[i] != 0) {
        places[found++] = uses[i] >>> PLACE_AT;
      }
    }
    Arrays.sort(places, 0, found);
    return places[found / 2];
  }
}
