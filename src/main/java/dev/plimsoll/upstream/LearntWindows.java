package dev.plimsoll.upstream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers, across restarts, the window that each model was really loaded with.
 *
 * <p>A small JSON file from digest to tokens, replaced as a whole. It is a cache: a file that
 * cannot be read counts as empty, one that cannot be written is a warning.
 */
final class LearntWindows {
  private static final Logger LOG = LoggerFactory.getLogger(LearntWindows.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_ENTRIES = 1000;

  private final Path file;
  private final Map<String, Long> windows;

  LearntWindows(Path folder) {
    this.file = folder.resolve("windows.json");
    this.windows = read(file);
  }

  synchronized OptionalLong get(String digest) {
    Long known = windows.get(digest);
    return known == null ? OptionalLong.empty() : OptionalLong.of(known);
  }

  /** Remembers a window; true when it is news. */
  synchronized boolean learn(String digest, long tokens) {
    Long before = windows.put(digest, tokens);
    if (before != null && before == tokens) {
      return false;
    }
    if (windows.size() > MAX_ENTRIES) {
      windows.remove(windows.keySet().iterator().next());
    }
    write();
    return true;
  }

  private static Map<String, Long> read(Path file) {
    Map<String, Long> found = new LinkedHashMap<>();
    if (!Files.exists(file)) {
      return found;
    }
    try {
      JSON.readTree(Files.readAllBytes(file))
          .properties()
          .forEach(
              entry -> {
                if (entry.getValue().canConvertToLong() && entry.getValue().asLong() > 0) {
                  found.put(entry.getKey(), entry.getValue().asLong());
                }
              });
    } catch (IOException e) {
      LOG.warn("the learnt windows in {} cannot be read and are learnt anew", file.getFileName());
    }
    return found;
  }

  private void write() {
    ObjectNode json = JSON.createObjectNode();
    windows.forEach(json::put);
    try {
      Files.createDirectories(file.getParent());
      Path fresh = file.resolveSibling("windows.json.new");
      Files.write(fresh, JSON.writeValueAsBytes(json));
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn(
          "the data folder cannot be written ({}): learnt windows are kept in memory only",
          e.getClass().getSimpleName());
    }
  }
}
