package dev.plimsoll.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a configuration is read from, so that a reload can read the same places again.
 *
 * @param file the YAML file, if one is named
 * @param environment the variables of the process
 * @param overrides what the command line says; a later one wins
 */
public record ConfigSource(
    Optional<Path> file, Map<String, String> environment, List<Setting> overrides) {
  public ConfigSource {
    environment = Map.copyOf(environment);
    overrides = List.copyOf(overrides);
  }

  /** Reads all of them now. */
  public Loaded load() {
    return ConfigLoader.load(this);
  }

  /** Without the values, which may be secret. */
  @Override
  public String toString() {
    return "ConfigSource[file=" + file + ", overrides=" + overrides + "]";
  }
}
