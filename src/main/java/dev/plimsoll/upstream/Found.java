package dev.plimsoll.upstream;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.stream.UpstreamFailure;

/** What became of looking for a model and its window. */
public sealed interface Found {
  /** The model is there. */
  record Is(Model model) implements Found {}

  /** The server has no such model. */
  record Unknown(ApiError error) implements Found {}

  /** The server could not be asked. */
  record Failed(UpstreamFailure failure) implements Found {}
}
