package dev.plimsoll.calls;

/**
 * A call as a model wrote it into its text, complete by the form it is written in; nobody has
 * looked at its arguments yet.
 *
 * @param name the declared tool; empty where the text has lost it
 * @param arguments JSON text, or what should be JSON text
 */
public record WrittenCall(String name, String arguments) {}
