package dev.plimsoll.stream;

/**
 * Where an upstream's time went, as Ollama tells it; all in nanoseconds, 0 when not told.
 *
 * @param load loading the model
 * @param prompt evaluating the part of the prompt that was not cached
 * @param eval generating
 */
public record Timings(long load, long prompt, long eval) {}
