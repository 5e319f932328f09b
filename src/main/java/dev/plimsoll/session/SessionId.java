package dev.plimsoll.session;

import org.jspecify.annotations.Nullable;

/**
 * The name of a session within Plimsoll.
 *
 * @param value {@code s_} and 16 hex digits, made from scope, source and the client's value
 * @param source where the client's value was found
 * @param clientId the client's own value, if it has one that may be shown
 */
public record SessionId(String value, Source source, @Nullable String clientId) {}
