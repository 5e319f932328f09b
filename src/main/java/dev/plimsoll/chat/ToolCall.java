package dev.plimsoll.chat;

/**
 * One call that a model makes of a declared tool, whole.
 *
 * @param id the call's id, unique within the answer
 * @param name the tool
 * @param arguments JSON text of one object, exactly as the model or its server wrote it
 */
public record ToolCall(String id, String name, String arguments) {}
