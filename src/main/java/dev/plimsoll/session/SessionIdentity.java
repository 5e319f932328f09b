package dev.plimsoll.session;

import dev.plimsoll.chat.Body;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Member;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.JsonMembers;
import dev.plimsoll.json.JsonString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which session a request belongs to: from a header, a body field, or else the
 * fingerprint of the conversation's start; the first hit wins.
 *
 * <p>What a client sends here is data for the accounting and never permission for anything.
 */
public final class SessionIdentity {
  /** In the order in which they count. */
  private static final List<String> ID_HEADERS =
      List.of(
          "x-session-id",
          "x-session-affinity",
          "session-id",
          "session_id",
          "thread-id",
          "x-claude-code-session-id",
          "x-opencode-session",
          "x-affinity");

  private static final String PARENT_HEADER = "x-parent-session-id";
  private static final String USER_ID_MARK = "_session_";

  private SessionIdentity() {}

  /** The identity of a chat request. */
  public static Identity of(Headers headers, ChatRequest request) {
    Scope scope = Scope.of(headers);
    Conversation conversation = new Conversation(request);
    SessionId named = named(scope, headers, request.body());
    SessionId id =
        named != null
            ? named
            : scope.id(
                Source.PREFIX, Fingerprint.of(userAgent(headers), request.model(), conversation));
    SessionId parent = parent(scope, headers);
    Agent agent = AgentRule.match(userAgent(headers), conversation.systemOpening());
    return new Identity(id, parent, agent, KindRule.match(conversation, parent != null));
  }

  /** The identity of a request that is no chat, such as a text completion. */
  public static Identity of(Headers headers, Body body) {
    Scope scope = Scope.of(headers);
    SessionId named = named(scope, headers, body);
    SessionId id =
        named != null ? named : scope.id(Source.PREFIX, Fingerprint.of(userAgent(headers), body));
    Agent agent = AgentRule.match(userAgent(headers), "");
    return new Identity(id, parent(scope, headers), agent, RequestKind.OTHER);
  }

  private static @Nullable SessionId named(Scope scope, Headers headers, Body body) {
    for (String name : ID_HEADERS) {
      String value = present(headers.get(name));
      if (value != null) {
        return scope.id(Source.HEADER, value);
      }
    }
    String field = bodyField(body);
    return field == null ? null : scope.id(Source.BODY, field);
  }

  /** A parent is named as its own requests name it: by header. */
  private static @Nullable SessionId parent(Scope scope, Headers headers) {
    String value = present(headers.get(PARENT_HEADER));
    return value == null ? null : scope.id(Source.HEADER, value);
  }

  private static @Nullable String bodyField(Body body) {
    String found = string(body, "prompt_cache_key");
    found = found != null ? found : metadata(body, "session_id");
    found = found != null ? found : afterMark(metadata(body, "user_id"));
    return found != null ? found : string(body, "user");
  }

  private static @Nullable String string(Body body, String name) {
    return present(body.string(name).map(JsonString::text).orElse(null));
  }

  private static @Nullable String metadata(Body body, String name) {
    Member metadata = body.member("metadata").orElse(null);
    if (metadata == null || metadata.kind() != JsonKind.OBJECT) {
      return null;
    }
    try {
      JsonString value = JsonMembers.string(body.bytes(), metadata.value(), name);
      return value == null ? null : present(value.text());
    } catch (JsonFault e) {
      throw new IllegalStateException("metadata that was parsed before", e);
    }
  }

  private static @Nullable String afterMark(@Nullable String userId) {
    int mark = userId == null ? -1 : userId.lastIndexOf(USER_ID_MARK);
    return userId == null || mark < 0
        ? null
        : present(userId.substring(mark + USER_ID_MARK.length()));
  }

  private static @Nullable String present(@Nullable String value) {
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static String userAgent(Headers headers) {
    String value = headers.get("user-agent");
    return value == null ? "" : value.strip();
  }
}
