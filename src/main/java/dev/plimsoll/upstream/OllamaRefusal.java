package dev.plimsoll.upstream;

import dev.plimsoll.chat.ApiError;

/** A request that has no native form; carries the error that its sender gets. */
final class OllamaRefusal extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient ApiError error;

  OllamaRefusal(String param, String message) {
    super(message, null, false, false);
    this.error = ApiError.invalid(param, message);
  }

  ApiError error() {
    return error;
  }
}
