package dev.plimsoll.chat;

import java.util.OptionalLong;

/** A request that a model answers with text: a chat or an older completion. */
public sealed interface ModelRequest permits ChatRequest, CompletionRequest {
  /** The client's bytes and their top-level members. */
  Body body();

  /** The model's name as the client spells it. */
  String model();

  /** Whether the client wants server-sent events. */
  boolean stream();

  /** Whether it asked for the usage chunk. */
  boolean includeUsage();

  /** The client's cap on generated tokens. */
  OptionalLong maxTokens();
}
