package dev.plimsoll.config;

import java.util.regex.Pattern;

/** A text of a certain shape. */
record Text(String accepted, Pattern shape, boolean secret) implements ValueType<String> {
  /**
   * A name or an address to listen on. One colon alone is a port at the wrong place, two or more
   * are IPv6.
   */
  static final Text HOST =
      new Text(
          "a host name or address without a port (0.0.0.0 = all of this machine's)",
          Pattern.compile("[A-Za-z0-9_.-]+|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(%[\\w.-]+)?"),
          false);

  /** A bearer key, as it can stand in a header. */
  static final Text BEARER =
      new Text("visible ASCII characters without spaces", Pattern.compile("[\\x21-\\x7e]+"), true);

  /** A bearer key in a list, where a comma ends it. */
  static final Text LISTED_BEARER =
      new Text(
          "visible ASCII characters without spaces and commas",
          Pattern.compile("[\\x21-\\x2b\\x2d-\\x7e]+"),
          true);

  /** A host as it stands in a Host header, without its port; IPv6 in brackets or not. */
  static final Text HOST_NAME =
      new Text(
          "host names or addresses without a port",
          Pattern.compile(
              "[A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.]+]|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*"),
          false);

  /** An origin as browsers send it, or a pattern of such. */
  static final Text ORIGIN =
      new Text(
          "origins such as https://chat.example or chrome-extension://* (a * stands for any text)",
          Pattern.compile("\\*|[A-Za-z*][A-Za-z0-9+.*-]*://[A-Za-z0-9_.:*\\[\\]-]+"),
          false);

  /**
   * What Ollama takes as keep_alive: a number of seconds, or a duration as Go writes it, of no more
   * parts than there are units.
   */
  static final Text OLLAMA_DURATION =
      new Text(
          "an Ollama duration such as 5m or 1h30m, or seconds (-1 = for ever, 0 = not at all)",
          Pattern.compile("-?(\\d+|(\\d+(\\.\\d+)?(ms|s|m|h)){1,4})"),
          false);

  @Override
  public Read<String> read(String text) {
    if (shape.matcher(text).matches()) {
      return new Read.Good<>(text);
    }
    // A refused key may be a good one with a stray space: it must not reach a screen or a log.
    return secret && !text.isEmpty()
        ? new Read.Bad<>("holds a character that no key can hold")
        : ValueType.refuse(text, "has not the right form");
  }

  @Override
  public String write(String value) {
    return value;
  }
}
