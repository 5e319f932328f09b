package dev.plimsoll.session;

import java.util.Locale;

/** The programs that Plimsoll knows by name. */
public enum Agent {
  CRUSH,
  OPENCODE,
  QWEN_CODE,
  CODEX,
  PI,
  CLAUDE_CODE,
  UNKNOWN;

  /** The name in the ledger and the admin API. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
