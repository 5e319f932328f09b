package dev.plimsoll.testing;

import java.util.List;

/**
 * What one exchange does, from its first wait to its end.
 *
 * @param cutAfter body bytes after which it breaks off, {@link Long#MAX_VALUE} for never
 * @param cut how it breaks off then
 */
record Script(List<Step> steps, long cutAfter, Fault.How cut, Framing framing) {
  /** From here Go no longer knows the length of a body in advance, and sends it in chunks. */
  private static final int GO_BUFFER = 2048;

  Script {
    steps = List.copyOf(steps);
  }

  static Script of(List<Step> steps) {
    return new Script(steps, Long.MAX_VALUE, Fault.How.FIN, Framing.NATURAL);
  }

  /** A small response in one piece. */
  static Script whole(int status, String contentType, Body body) {
    return whole(status, List.of(new Header("Content-Type", contentType)), body);
  }

  static Script whole(int status, List<Header> headers, Body body) {
    return of(
        List.of(
            new Step.Head(status, headers, body.length()), new Step.Piece(body), new Step.End()));
  }

  /** A response as Go's server sends it: long bodies in chunks. */
  static Script fromGo(int status, String contentType, Body body) {
    long length = body.length() > GO_BUFFER ? -1 : body.length();
    List<Header> headers = List.of(new Header("Content-Type", contentType));
    return of(
        List.of(new Step.Head(status, headers, length), new Step.Piece(body), new Step.End()));
  }
}
