package dev.plimsoll.config;

/**
 * One value as somebody wrote it, not yet checked.
 *
 * @param source where it stands: {@code file:line:column}, a variable, an option
 * @param path the key, such as {@code listen.port}
 * @param value its text; empty for "no value"
 */
public record Setting(String source, String path, String value) {
  /** Without the value, which may be a key. */
  @Override
  public String toString() {
    return path + " from " + source;
  }
}
