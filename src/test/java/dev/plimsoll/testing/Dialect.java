package dev.plimsoll.testing;

/** Which server a fake speaks like; the recordings of each are in a folder of their own. */
public enum Dialect {
  /** Ollama with its own runner, up to 0.24: on /v1 the role is in every delta. */
  OLLAMA_024("0.24.0", "gen-a"),
  /** Ollama on top of llama-server: on /v1 the role is in the first delta, the end in its own. */
  OLLAMA_033("0.33.0", "gen-b"),
  /** llama-server alone: no native paths, calls in pieces. */
  LLAMA_SERVER("", "llama-server");

  private final String version;
  private final String folder;

  Dialect(String version, String folder) {
    this.version = version;
    this.folder = folder;
  }

  /** What /api/version says. */
  public String version() {
    return version;
  }

  /** Folder of its recordings. */
  public String folder() {
    return folder;
  }

  public boolean ollama() {
    return this != LLAMA_SERVER;
  }
}
