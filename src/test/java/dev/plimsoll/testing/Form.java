package dev.plimsoll.testing;

import java.util.List;

/** The words in which one path of one server writes an answer; no socket, no time to wait. */
interface Form {
  /** Content type of a stream. */
  String streamType();

  /** Content type of a whole answer. */
  String wholeType();

  /** The pieces of a stream, each what the server flushes at once. */
  List<Body> pieces(Answer answer);

  /** What ends a stream after its pieces. */
  List<Body> ending(Answer answer);

  /** The answer in one object. */
  Body whole(Answer answer);

  /** What a failure in the middle of a stream leaves on the wire. */
  Body failure(String text);

  /** An event or line that carries this JSON. */
  Body event(String json);

  /** The body of an error status. */
  String error(int code, String text);
}
