package dev.plimsoll.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The table of all keys, in the order of the documentation. */
final class Keys {
  static final List<Key<?>> ALL =
      Stream.of(
              Listen.KEYS,
              Admin.KEYS,
              Upstream.KEYS,
              Context.KEYS,
              Compaction.KEYS,
              Recovery.KEYS,
              dev.plimsoll.config.Stream.KEYS,
              Compat.KEYS,
              Store.KEYS,
              Log.KEYS)
          .<Key<?>>flatMap(List::stream)
          .toList();

  private Keys() {}

  /** The key at this path; those of single models are made on the spot. */
  static Optional<Key<?>> at(String path) {
    return Context.modelIn(path)
        .<Key<?>>map(Context::modelWindow)
        .or(() -> ALL.stream().filter(key -> key.path().equals(path)).findFirst());
  }

  /** Whether this path, which stands in that section, is a group of keys itself. */
  static boolean isSection(String parent, String path) {
    return parent.equals(Context.MODELS) || sections().contains(path);
  }

  /** The names that may stand in a section, for the message about a wrong one. */
  static List<String> within(String section) {
    if (Context.isModel(section)) {
      return List.of("window");
    }
    String prefix = section.isEmpty() ? "" : section + ".";
    return Stream.concat(sections().stream(), paths())
        .filter(path -> path.startsWith(prefix) && path.length() > prefix.length())
        .map(path -> path.substring(prefix.length()))
        .filter(name -> name.indexOf('.') < 0)
        .toList();
  }

  /** The section or key nearest to a wrong one. */
  static String nearest(String wrong) {
    if (Context.isModel(wrong)) {
      return Context.MODELS + ".NAME.window";
    }
    // Within a section only a key can be meant.
    Stream<String> sections = wrong.contains(".") ? Stream.of() : sections().stream();
    return NearestName.of(wrong, Stream.concat(sections, paths()).toList());
  }

  /** The sections of the file, and the one that holds the models. */
  static Set<String> sections() {
    Set<String> found = new LinkedHashSet<>();
    ALL.forEach(key -> found.add(key.path().substring(0, key.path().indexOf('.'))));
    found.add(Context.MODELS);
    return found;
  }

  private static Stream<String> paths() {
    return ALL.stream().map(Key::path);
  }
}
