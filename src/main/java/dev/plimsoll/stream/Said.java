package dev.plimsoll.stream;

import dev.plimsoll.json.JsonOut;
import dev.plimsoll.json.JsonString;

/**
 * What has been said of one answer in all attempts at it: told to a client that streams, kept for
 * one that does not. A continuation goes on from it.
 */
public final class Said {
  private final boolean streams;
  private final long limit;
  private JsonOut text = new JsonOut(256);
  private boolean words;
  private boolean reasoning;
  private boolean tooMuch;

  /**
   * Nothing has been said yet.
   *
   * @param streams whether the client sees at once what is said
   * @param limit bytes of text, as written in JSON, that are remembered at most; a longer answer
   *     cannot be continued
   */
  public Said(boolean streams, long limit) {
    this.streams = streams;
    this.limit = limit;
  }

  void add(JsonString piece) {
    words = words || !piece.text().isBlank();
    if (tooMuch || (long) text.length() + piece.end() - piece.start() > limit) {
      tooMuch = true;
      return;
    }
    piece.writeInside(text);
  }

  void addReasoning() {
    reasoning = true;
  }

  boolean hasReasoning() {
    return reasoning;
  }

  /** What the client has seen; white space alone is nothing that others cannot follow. */
  public Sent sent() {
    if (words) {
      return streams ? new Sent.Told() : new Sent.Kept();
    }
    return reasoning && streams ? new Sent.Reasoning() : new Sent.Nothing();
  }

  /** Whether all of the text is remembered, so that it can be continued. */
  public boolean remembered() {
    return !tooMuch;
  }

  /** The text so far. */
  public String text() {
    JsonOut literal = new JsonOut(text.length() + 2);
    literal.ascii('"').raw(text.array(), 0, text.length()).ascii('"');
    return new JsonString(literal.array(), 0, literal.length()).text();
  }

  /** Forgets what was kept, since the answer begins anew. */
  public void restart() {
    text = new JsonOut(256);
    words = false;
    tooMuch = false;
  }
}
