package dev.plimsoll.compact;

/** What a model can still see, so that the log does not say it again: names and lines. */
final class Sight {
  private final NameSet names = new NameSet();
  private final LongSet logged = new LongSet(1024);
  private final LongSet staying = new LongSet(1024);

  /** Takes in the names of a text. */
  void addNames(String text) {
    names.add(text);
  }

  /** Takes in a line of the log; blanks around it do not count. */
  void log(String line) {
    logged.add(NameSet.hash(line.strip()));
  }

  /** Takes in a line of a message that stays for now. */
  void stay(String line) {
    staying.add(NameSet.hash(line.strip()));
  }

  boolean hasName(String name) {
    return names.has(name);
  }

  /** Whether the line is in the log. */
  boolean isLogged(String line) {
    return logged.has(NameSet.hash(line.strip()));
  }

  /** Whether the line is in the log or in a message that stays. */
  boolean hasLine(String line) {
    long hash = NameSet.hash(line.strip());
    return logged.has(hash) || staying.has(hash);
  }
}
