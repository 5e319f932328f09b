package dev.plimsoll.chat;

/**
 * What became of a body: a request, or the error that its sender gets.
 *
 * @param <T> the kind of request
 */
public sealed interface Parsed<T> {
  /**
   * A request in order.
   *
   * @param <T> the kind of request
   */
  record Good<T>(T request) implements Parsed<T> {}

  /**
   * A request that nobody can serve.
   *
   * @param <T> the kind of request it would have been
   */
  record Bad<T>(ApiError error) implements Parsed<T> {}
}
