package dev.plimsoll.chat;

import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.Span;

/**
 * One top-level member of a request body.
 *
 * @param name the decoded key
 * @param span key and value together, as they stand
 * @param value the value alone
 * @param kind what kind of value it is
 */
public record Member(String name, Span span, Span value, JsonKind kind) {}
