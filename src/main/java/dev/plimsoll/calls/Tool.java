package dev.plimsoll.calls;

import dev.plimsoll.json.Slice;
import org.jspecify.annotations.Nullable;

/**
 * A tool that a request declares.
 *
 * @param name the name under which it is called
 * @param schema the JSON schema of its arguments, as the client wrote it; null when there is none
 */
public record Tool(String name, @Nullable Slice schema) {}
