package dev.plimsoll.json;

import java.io.IOException;

/**
 * Bytes that are not the JSON they should be, with the place where that shows.
 *
 * <p>Thrown inside a parse and turned into a value at its border (a request's 400, a stream's
 * failure); it carries no stack trace because bad input is no bug.
 */
public final class JsonFault extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean cut;

  /** Says what is wrong, in words that may go to a client. */
  public JsonFault(String message) {
    this(message, false);
  }

  JsonFault(String message, boolean cut) {
    super(message);
    this.cut = cut;
  }

  /** Whether nothing is wrong but that the bytes end too early. */
  public boolean isCut() {
    return cut;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
