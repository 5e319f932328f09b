package dev.plimsoll.testing;

import java.util.List;
import java.util.Optional;

/** One header line, its name spelled as on the wire. */
public record Header(String name, String value) {
  /** The first value of that name in any case. */
  static Optional<String> first(List<Header> headers, String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }
}
