package dev.plimsoll.upstream;

/** Is told whether the model server can be reached; called on any thread, so it must be quick. */
@FunctionalInterface
public interface UpstreamWatch {
  /** Nobody is told. */
  UpstreamWatch NONE = _ -> {};

  /** A small question was answered, whatever the answer, or was not. */
  void contact(boolean answered);
}
