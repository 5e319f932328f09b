package dev.plimsoll.chat;

import dev.plimsoll.chat.Body.Invalid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of one object's members so far; refuses the second of two that are equal, since servers
 * disagree about which one counts.
 */
final class Names {
  /** Up to here looking at each is faster than a table. */
  private static final int FEW = 16;

  /** What may stand in an error: how APIs name their fields, and not how secrets look. */
  private static final Pattern PLAIN = Pattern.compile("[a-z_]{1,40}");

  private final List<String> few = new ArrayList<>(8);
  private @Nullable Set<String> many;

  /**
   * Takes the next name.
   *
   * @param path where the object stands, such as {@code messages[2]}; empty for the body itself
   */
  void add(String path, String name) throws Invalid {
    if (isNew(name)) {
      return;
    }
    boolean plain = PLAIN.matcher(name).matches();
    String dot = path.isEmpty() ? "" : path + ".";
    String param = plain ? dot + name : path.isEmpty() ? "body" : path;
    throw new Invalid(
        param,
        plain
            ? "The body has the key \"" + param + "\" twice; send it once."
            : "An object of the body has one of its keys twice; send it once.");
  }

  private boolean isNew(String name) {
    Set<String> table = many;
    if (table != null) {
      return table.add(name);
    }
    if (few.contains(name)) {
      return false;
    }
    few.add(name);
    if (few.size() > FEW) {
      many = new HashSet<>(few);
    }
    return true;
  }
}
