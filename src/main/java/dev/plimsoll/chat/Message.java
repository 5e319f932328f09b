package dev.plimsoll.chat;

import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.Span;
import org.jspecify.annotations.Nullable;

/**
 * One message of a request, as offsets into the request's bytes.
 *
 * @param role who speaks
 * @param span the whole message object
 * @param content the value of {@code content}, absent when the key is missing or null
 * @param contentKind what kind of value {@code content} is; null stands for a missing one
 * @param reasoning the string in {@code reasoning_content} (or {@code reasoning}), if any
 * @param toolCalls the array in {@code tool_calls}, if any
 * @param toolCallId the string in {@code tool_call_id}, if any
 */
public record Message(
    Role role,
    Span span,
    @Nullable Span content,
    JsonKind contentKind,
    @Nullable Span reasoning,
    @Nullable Span toolCalls,
    @Nullable Span toolCallId) {}
