package dev.plimsoll.tokens;

import dev.plimsoll.chat.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts by a model's tokeniser and its template's form. */
public final class ModelCounter implements MessageCounter {
  /** What Ollama takes an image for when it looks whether a prompt fits (server/prompt.go). */
  public static final int IMAGE_TOKENS = 768;

  /** The user's message behind the fixed part when that is rendered. */
  public static final MessageText FIXED_USER = MessageText.of(Role.USER, "zq");

  private static final int AROUND_SYSTEM = 6;

  /** The longest instructions for calls that a known template has are some 250 tokens. */
  private static final int AROUND_TOOLS = 250;

  private final Tokenizer tokenizer;
  private final RenderForm form;
  private final boolean exact;
  private final String id;

  /**
   * Joins a tokeniser and a form.
   *
   * @param id what the numbers hold for, such as the model's digest
   */
  public ModelCounter(Tokenization tokenization, RenderForm form, String id) {
    this.tokenizer = tokenization.tokenizer();
    this.form = form;
    this.exact = tokenization.exact() && form.exact();
    this.id = id;
  }

  /** Whether the numbers are the server's own; else they are to be told as estimated. */
  public boolean exact() {
    return exact;
  }

  /** Counts every message as if no user's message followed: then all of its reasoning is shown. */
  @Override
  public int message(MessageText message, @Nullable Role before) {
    return message(message, false, place(before, message.role()));
  }

  private static Shape.Place place(@Nullable Role before, Role role) {
    if (before == null) {
      return Shape.Place.SYSTEM;
    }
    return switch (before) {
      case SYSTEM, DEVELOPER -> Shape.Place.SYSTEM;
      case USER -> Shape.Place.USER;
      case ASSISTANT -> role == Role.TOOL ? Shape.Place.CALLS : Shape.Place.ANSWER;
      case TOOL -> Shape.Place.RESULT;
    };
  }

  int message(MessageText message, boolean past, Shape.Place before) {
    if (isSystem(message.role())) {
      return 0;
    }
    return tokenizer.count(form.text(message, past, before)) + message.images() * IMAGE_TOKENS;
  }

  static boolean isSystem(Role role) {
    return role == Role.SYSTEM || role == Role.DEVELOPER;
  }

  @Override
  public int text(String text) {
    return tokenizer.count(text);
  }

  @Override
  public String id() {
    return id;
  }

  /**
   * The tokens of a whole prompt.
   *
   * @param fixed what {@link #fixed} or {@link #estimatedFixed} says of it
   * @param messages all of it; those of the system are in the fixed part and count nothing here
   */
  public int prompt(int fixed, List<MessageText> messages) {
    int lastUser = Shape.lastUser(messages);
    int sum = fixed;
    Shape.Place before = Shape.Place.SYSTEM;
    for (int i = 0; i < messages.size(); i++) {
      MessageText message = messages.get(i);
      if (!isSystem(message.role())) {
        sum += message(message, i < lastUser, before);
        before = Shape.of(message, i < lastUser).place();
      }
    }
    return sum + end(before);
  }

  /** The tokens that open the answer, beyond those behind a user's message. */
  int end(Shape.Place last) {
    return tokenizer.count(form.end(last)) - tokenizer.count(form.end(Shape.Place.USER));
  }

  /** Whether the names of tools stand beside their results. */
  boolean showsToolNames() {
    return form.bodies().values().stream()
        .flatMapToInt(String::chars)
        .anyMatch(c -> Slot.isMark((char) c) && Slot.of((char) c).kind() == Slot.Kind.TOOL_NAME);
  }

  /**
   * The tokens of a prompt's fixed part: system messages, tools, and what opens the answer behind a
   * user's message.
   *
   * @param prompt what the server makes of the system messages, the tools and {@link #FIXED_USER}
   * @param bosTokens what the server puts in front of every prompt
   */
  public int fixed(String prompt, int bosTokens) {
    return bosTokens + tokenizer.count(prompt) - message(FIXED_USER, false, Shape.Place.SYSTEM);
  }

  /**
   * The fixed part for a server that does not render: its texts, and a guess at what is around
   * them.
   *
   * @param tools the JSON of all tools, empty when there are none
   */
  public int estimatedFixed(List<String> systems, String tools) {
    int sum = tokenizer.count(form.end(Shape.Place.USER));
    for (String system : systems) {
      sum += tokenizer.count(system) + AROUND_SYSTEM;
    }
    return tools.isEmpty() ? sum : sum + tokenizer.count(tools) + AROUND_TOOLS;
  }
}
