package dev.plimsoll.compact;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often files were read and changed so far: what is used often is likely to be used again.
 *
 * <p>Holds at most {@value #MOST} files, those used last. Changed by one batch at a time; {@link
 * #copy} makes the one for the next.
 */
final class FileUses {
  static final int MOST = 256;

  private static final int ENOUGH = 5;
  private static final int CHANGE_COUNTS = 3;
  private static final int OBJECTS = 120;

  private record Uses(int reads, int changes) {}

  private static final Uses NONE = new Uses(0, 0);

  private final Map<String, Uses> files = new LinkedHashMap<>();

  FileUses copy() {
    FileUses other = new FileUses();
    other.files.putAll(files);
    return other;
  }

  /** Bytes that this keeps. */
  long weight() {
    return files.keySet().stream().mapToLong(path -> OBJECTS + path.length()).sum();
  }

  void read(String path) {
    put(path, 1, 0);
  }

  void changed(String path) {
    put(path, 0, 1);
  }

  private void put(String path, int reads, int changes) {
    Uses old = files.getOrDefault(path, NONE);
    files.remove(path);
    files.put(path, new Uses(old.reads() + reads, old.changes() + changes));
    if (files.size() > MOST) {
      files.remove(files.keySet().iterator().next());
    }
  }

  /** How much speaks for keeping lines of the file. */
  int heat(String path) {
    Uses uses = files.getOrDefault(path, NONE);
    return Math.min(ENOUGH, uses.reads()) + CHANGE_COUNTS * Math.min(ENOUGH, uses.changes());
  }
}
