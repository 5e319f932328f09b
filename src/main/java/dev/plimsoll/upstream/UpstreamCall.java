package dev.plimsoll.upstream;

/** One request on its way at the model server; all methods are for its event loop only. */
public interface UpstreamCall {
  /** Closes the request at once, in whatever phase it is; nothing more is told about it. */
  void reset();

  /** Stops reading, so that the server has to wait. */
  void pause();

  /** Reads on. */
  void resume();

  /** The bytes of the answer's body that have come so far. */
  long received();
}
