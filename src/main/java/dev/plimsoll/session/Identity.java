package dev.plimsoll.session;

import org.jspecify.annotations.Nullable;

/**
 * What one request tells about its sender.
 *
 * @param id the session
 * @param parent the session that started this one, if the client says so
 * @param agent the program that asks
 * @param kind what the request is for
 */
public record Identity(SessionId id, @Nullable SessionId parent, Agent agent, RequestKind kind) {}
