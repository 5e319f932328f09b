package dev.plimsoll.compact;

import java.util.Set;

/** The endings that tell a file's name from a dotted name. */
final class FileEnding {
  private static final int LONGEST = 6;

  private static final Set<String> KNOWN =
      Set.of(
          "c", "h", "cc", "cpp", "hpp", "cs", "java", "kt", "scala", "go", "rs", "swift", "py",
          "pyi", "rb", "php", "pl", "lua", "js", "jsx", "mjs", "ts", "tsx", "vue", "html", "css",
          "scss", "sh", "bash", "ps1", "bat", "sql", "proto", "md", "rst", "txt", "log", "csv",
          "json", "jsonl", "yaml", "yml", "toml", "ini", "cfg", "conf", "xml", "lock", "gradle",
          "diff", "patch", "svg", "png", "jpg", "pdf", "env", "ipynb", "tf", "ex", "exs", "hs",
          "ml", "clj", "dart", "zig", "r", "m", "mm", "s", "asm", "cmake", "mk");

  private FileEnding() {}

  /** Whether these characters are such an ending. */
  static boolean known(String text, int from, int end) {
    return end - from <= LONGEST && end > from && KNOWN.contains(text.substring(from, end));
  }
}
