package dev.plimsoll.tokens;

/**
 * A conversation and the prompt that a server made of it.
 *
 * @param prompt the text as the model gets it
 */
public record Rendered(Probe probe, String prompt) {}
