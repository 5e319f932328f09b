package dev.plimsoll.upstream;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Message;
import dev.plimsoll.chat.Role;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Span;
import dev.plimsoll.tokens.FormReader;
import dev.plimsoll.tokens.MessageReader;
import dev.plimsoll.tokens.ModelCounter;
import dev.plimsoll.tokens.Probe;
import dev.plimsoll.tokens.PromptCounter;
import dev.plimsoll.tokens.PromptMeasure;
import dev.plimsoll.tokens.RenderForm;
import dev.plimsoll.tokens.Rendered;
import dev.plimsoll.tokens.Tokenization;
import dev.plimsoll.tokens.Tokenizers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out how to count a model's prompts, and keeps it.
 *
 * <p>Three things, each asked for once: the vocabulary (on disk), how the template writes messages
 * (on disk), and what a request's system messages and tools cost (in memory, for they change with
 * every agent). What cannot be had is estimated, and told as such; nothing here fails a request.
 */
final class PromptMeasures {
  private static final Logger LOG = LoggerFactory.getLogger(PromptMeasures.class);
  private static final int MOST_VOCABULARIES = 4;
  private static final int MOST_COUNTERS = 16;
  private static final int MOST_FIXED_PARTS = 512;
  private static final String GUESS = "-estimated";

  private final Learnt<Tokens> vocabularies = new Learnt<>(MOST_VOCABULARIES);
  private final Learnt<Counting> countings = new Learnt<>(MOST_COUNTERS);
  private final Learnt<Fixed> fixedParts = new Learnt<>(MOST_FIXED_PARTS);

  /**
   * What counts the tokens of texts.
   *
   * @param bosTokens what stands in front of every prompt
   */
  record Tokens(Tokenization tokenization, int bosTokens) {
    static Tokens unknown(String what) {
      return new Tokens(Tokenizers.unknown(what), 0);
    }
  }

  /**
   * What counts a model's messages.
   *
   * @param renders whether its server can be asked for prompts, so that fixed parts need no guess
   */
  private record Counting(PromptCounter counter, boolean renders) {}

  /** The tokens of a fixed part, and whether they are the server's own number. */
  private record Fixed(int tokens, boolean exact) {}

  /** The model server, as far as it is asked here. */
  interface Server {
    /** The model's tokens; null when they could not be had this time. */
    @Nullable Tokens tokens() throws InterruptedException;

    /** The prompt that is made of a request. */
    Prompt render(ChatRequest request) throws InterruptedException;

    /** The form that was kept under a name, if it was. */
    Optional<RenderForm> keptForm(String name);

    /** Keeps a form. */
    void keep(String name, RenderForm form);
  }

  /** What came of rendering. */
  sealed interface Prompt {
    /** The text, as the model gets it. */
    record Text(String text) implements Prompt {}

    /** The server refuses this one, or renders nothing at all. */
    record Refused() implements Prompt {}

    /** It could not be asked. */
    record Failed() implements Prompt {}
  }

  /** Whether a server that refuses a question with this status will do so again. */
  static boolean isLasting(int status) {
    return switch (status) {
      case 401, 403, 408, 429, 500, 502, 503, 504 -> false;
      default -> true;
    };
  }

  /** What became of a rendering that was refused: a template that fails is a 500. */
  static Prompt refused(int status) {
    return status == 500 || isLasting(status) ? new Prompt.Refused() : new Prompt.Failed();
  }

  /**
   * What sizes the prompts of a request.
   *
   * @param model what identifies the model and its template
   * @param variant what else of the request decides how the template writes
   */
  PromptMeasure measure(Server server, String model, String variant, ChatRequest request)
      throws InterruptedException {
    Tokens tokens = vocabularies.get(model, server::tokens);
    String name = model + "-" + variant + tools(request);
    if (tokens == null) {
      return estimated(name, Tokens.unknown("the vocabulary"), request);
    }
    Counting counting = countings.get(name, () -> counting(server, name, tokens, request));
    if (counting == null) {
      return estimated(name, tokens, request);
    }
    if (!counting.renders()) {
      return estimated(name, counting.counter(), request);
    }
    ModelCounter messages = counting.counter().messages();
    Fixed fixed =
        fixedParts.get(
            name + hash(request),
            () ->
                switch (server.render(ProbeBodies.fixedPart(request))) {
                  case Prompt.Text(String text) ->
                      new Fixed(messages.fixed(text, tokens.bosTokens()), messages.exact());
                  case Prompt.Refused() -> new Fixed(estimatedFixed(messages, request), false);
                  case Prompt.Failed() -> null;
                });
    return fixed == null
        ? estimated(name, counting.counter(), request)
        : new PromptMeasure(counting.counter(), fixed.tokens(), fixed.exact());
  }

  /** Tools that may not be called are left out of the prompt, by some servers. */
  private static String tools(ChatRequest request) {
    if (!request.hasTools()) {
      return "";
    }
    boolean off =
        request.body().string("tool_choice").map(JsonString::text).orElse("").equals("none");
    return off ? "-no-tools" : "-tools";
  }

  /** For as long as the server does not say more. */
  private PromptMeasure estimated(String name, Tokens tokens, ChatRequest request)
      throws InterruptedException {
    Counting guess = countings.get(name + GUESS, () -> guess(name, tokens, false));
    return estimated(name, Objects.requireNonNull(guess).counter(), request);
  }

  private PromptMeasure estimated(String name, PromptCounter counter, ChatRequest request)
      throws InterruptedException {
    Fixed fixed =
        fixedParts.get(
            name + GUESS + hash(request),
            () -> new Fixed(estimatedFixed(counter.messages(), request), false));
    return new PromptMeasure(counter, Objects.requireNonNull(fixed).tokens(), false);
  }

  private static Counting guess(String name, Tokens tokens, boolean renders) {
    return new Counting(
        new PromptCounter(
            new ModelCounter(tokens.tokenization(), RenderForm.chatMl(), name + GUESS)),
        renders);
  }

  /** Null when the server could not be asked, so that the next request tries again. */
  private static @Nullable Counting counting(
      Server server, String name, Tokens tokens, ChatRequest request) throws InterruptedException {
    if (!tokens.tokenization().exact()) {
      return guess(name, tokens, false); // no form makes an estimate exact
    }
    Optional<RenderForm> kept = server.keptForm(name);
    if (kept.isPresent()) {
      return new Counting(
          new PromptCounter(new ModelCounter(tokens.tokenization(), kept.get(), name)), true);
    }
    List<Rendered> rendered = new ArrayList<>();
    List<Probe> probes = new ArrayList<>(Probe.all());
    probes.add(Probe.check());
    for (Probe probe : probes) {
      switch (server.render(ProbeBodies.probe(request, probe))) {
        case Prompt.Text(String text) -> rendered.add(new Rendered(probe, text));
        case Prompt.Refused() -> {
          return guess(name, tokens, false);
        }
        case Prompt.Failed() -> {
          return null;
        }
      }
    }
    Rendered check = rendered.removeLast();
    Probe doubled = Probe.doubled();
    if (server.render(ProbeBodies.probe(request, doubled)) instanceof Prompt.Text(String text)) {
      rendered.add(new Rendered(doubled, text));
    }
    Optional<RenderForm> form = FormReader.read(rendered, check, tokens.tokenization().tokenizer());
    LOG.atInfo()
        .addKeyValue("exact", form.isPresent() && form.get().exact())
        .log("learnt how a model's template writes messages");
    if (form.isEmpty()) {
      return guess(name, tokens, true);
    }
    server.keep(name, form.get());
    return new Counting(
        new PromptCounter(new ModelCounter(tokens.tokenization(), form.get(), name)), true);
  }

  private static int estimatedFixed(ModelCounter counter, ChatRequest request) {
    MessageReader reader = new MessageReader(request);
    List<String> systems = new ArrayList<>();
    for (int i = 0; i < request.messages().size(); i++) {
      if (isSystem(request.messages().get(i))) {
        systems.add(reader.read(i).content());
      }
    }
    Span tools = request.tools();
    String text =
        tools == null
            ? ""
            : new String(request.bytes(), tools.start(), tools.length(), StandardCharsets.UTF_8);
    return counter.estimatedFixed(systems, text);
  }

  private static boolean isSystem(Message message) {
    return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
  }

  /** Of what the fixed part is made. */
  private static String hash(ChatRequest request) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (Message message : request.messages()) {
        if (isSystem(message)) {
          update(sha, request, message.span());
        }
      }
      sha.update((byte) 0);
      if (request.tools() != null) {
        update(sha, request, request.tools());
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void update(MessageDigest sha, ChatRequest request, Span span) {
    sha.update(request.bytes(), span.start(), span.length());
    sha.update((byte) 1);
  }
}
