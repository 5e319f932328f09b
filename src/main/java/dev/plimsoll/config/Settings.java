package dev.plimsoll.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The values that were set and accepted, with their sources; a later one replaces an earlier. */
final class Settings {
  private record Entry(Object value, String source) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  <T> void put(Key<T> key, T value, String source) {
    entries.put(key.path(), new Entry(value, source));
  }

  /** The value of a key, or its default. */
  @SuppressWarnings("unchecked") // put() lets only a T in at the path of a Key<T>
  <T> T get(Key<T> key) {
    Entry entry = entries.get(key.path());
    return entry == null ? key.defaultValue() : (T) entry.value();
  }

  /** Where a key was set; empty when it has its default. */
  Optional<String> source(Key<?> key) {
    return Optional.ofNullable(entries.get(key.path())).map(Entry::source);
  }

  Set<String> paths() {
    return entries.keySet();
  }
}
