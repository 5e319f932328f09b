package dev.plimsoll.chat;

import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Span;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A chat completion request: the client's bytes, and views of what Plimsoll needs to know.
 *
 * @param body the bytes and their top-level members
 * @param model the model's name as the client spells it
 * @param messages the conversation, oldest first
 * @param tools the array in {@code tools}, absent when missing, null or empty
 * @param stream whether the client wants server-sent events
 * @param includeUsage whether it asked for the usage chunk
 * @param maxTokens the smaller of {@code max_completion_tokens} and {@code max_tokens}, in tokens
 */
public record ChatRequest(
    Body body,
    String model,
    List<Message> messages,
    @Nullable Span tools,
    boolean stream,
    boolean includeUsage,
    OptionalLong maxTokens)
    implements ModelRequest {

  /** Copies the list, so that a request never changes. */
  public ChatRequest {
    messages = List.copyOf(messages);
  }

  /** Reads a request; wrong shapes come back as the error that says which field is wrong. */
  public static Parsed<ChatRequest> parse(byte[] bytes) {
    return new ChatRequestParser().parse(bytes);
  }

  /** The client's bytes. */
  public byte[] bytes() {
    return body.bytes();
  }

  /** The string at a span of the body. */
  public JsonString string(Span span) {
    return JsonString.at(body.bytes(), span);
  }

  /** Whether any tool is declared. */
  public boolean hasTools() {
    return tools != null;
  }
}
