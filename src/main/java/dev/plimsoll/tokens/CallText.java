package dev.plimsoll.tokens;

/**
 * One tool call of an assistant's message, as the model reads it again.
 *
 * @param name the tool
 * @param arguments JSON text of the arguments; what is no JSON object counts as it is sent, wrapped
 */
public record CallText(String name, String arguments) {}
