package dev.plimsoll.stream;

/**
 * How an answer presents itself to the client, the same from its first byte to its last.
 *
 * @param id {@code chatcmpl-…}; an OpenAI upstream's own id takes its place
 * @param created seconds since 1970
 * @param model the client's spelling of the model
 * @param reasoningField the name of the field that carries reasoning
 */
public record AnswerId(String id, long created, String model, String reasoningField) {}
