package dev.plimsoll.upstream;

import java.util.OptionalLong;

/**
 * A model as its server knows it.
 *
 * @param name the server's own spelling
 * @param digest what identifies its content; empty when the server has no such thing
 * @param thinks whether it can be told how much to reason
 * @param listed whether the server lists it
 * @param window the context window in tokens that is really loaded, when known
 */
public record Model(
    String name, String digest, boolean thinks, boolean listed, OptionalLong window) {
  /** The same model with its window. */
  public Model withWindow(long tokens) {
    return new Model(name, digest, thinks, listed, OptionalLong.of(tokens));
  }
}
