package dev.plimsoll.chat;

import java.util.Locale;
import java.util.Optional;

/** Who speaks in a message. */
public enum Role {
  SYSTEM,
  /** OpenAI's newer name for system; model servers know only the old one. */
  DEVELOPER,
  USER,
  ASSISTANT,
  TOOL;

  /** The role of that name as it stands in requests, or empty when there is no such role. */
  public static Optional<Role> of(String name) {
    for (Role role : values()) {
      if (role.label().equals(name)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  /** The name in requests, lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
