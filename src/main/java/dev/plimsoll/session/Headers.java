package dev.plimsoll.session;

import org.jspecify.annotations.Nullable;

/** The request's headers, whatever the server's type for them is. */
@FunctionalInterface
public interface Headers {
  /** The first value of that header, its name in any case; null when it is absent. */
  @Nullable String get(String name);
}
