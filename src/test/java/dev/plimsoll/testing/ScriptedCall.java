package dev.plimsoll.testing;

/**
 * A tool call that an {@link Answer} makes.
 *
 * @param arguments JSON text, sent as it is, so that broken arguments can be scripted too
 */
public record ScriptedCall(String id, String name, String arguments) {}
