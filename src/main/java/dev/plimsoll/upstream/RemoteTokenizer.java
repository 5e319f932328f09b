package dev.plimsoll.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.tokens.Tokenization;
import dev.plimsoll.tokens.Tokenizer;
import dev.plimsoll.tokens.Tokenizers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Lets llama-server count ({@code POST /tokenize}), which does not give its vocabulary away.
 *
 * <p>A text that it does not answer for is estimated.
 */
final class RemoteTokenizer implements Tokenizer {
  private final SmallCalls calls;
  private final Tokenizer estimate = Tokenizers.unknown("").tokenizer();

  private RemoteTokenizer(SmallCalls calls) {
    this.calls = calls;
  }

  /** The server's tokens, unless it is none that counts; null when it could not be asked. */
  static PromptMeasures.@Nullable Tokens of(SmallCalls calls) throws InterruptedException {
    RemoteTokenizer tokenizer = new RemoteTokenizer(calls);
    return switch (tokenizer.ask("", true)) {
      case SmallCalls.Reply.Ok(JsonNode json) when json.path("tokens").isArray() ->
          new PromptMeasures.Tokens(new Tokenization.Exact(tokenizer), json.path("tokens").size());
      case SmallCalls.Reply.Ok _ -> PromptMeasures.Tokens.unknown("the vocabulary");
      case SmallCalls.Reply.Refused(int status, var _) ->
          PromptMeasures.isLasting(status) ? PromptMeasures.Tokens.unknown("the vocabulary") : null;
      case SmallCalls.Reply.Failed _ -> null;
    };
  }

  private SmallCalls.Reply ask(String text, boolean addsSpecial) throws InterruptedException {
    JsonOut body = new JsonOut(text.length() + 80);
    body.ascii("{\"content\":").string(text);
    body.ascii(",\"parse_special\":true,\"add_special\":").ascii(String.valueOf(addsSpecial));
    byte[] bytes = body.ascii('}').toBytes();
    return calls.post("/tokenize", new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public int count(String text) {
    JsonNode tokens = tokens(text);
    return tokens == null ? estimate.count(text) : tokens.size();
  }

  @Override
  public int[] encode(String text) {
    JsonNode tokens = tokens(text);
    if (tokens == null) {
      return estimate.encode(text);
    }
    int[] ids = new int[tokens.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = tokens.get(i).asInt();
    }
    return ids;
  }

  private @Nullable JsonNode tokens(String text) {
    try {
      return ask(text, false) instanceof SmallCalls.Reply.Ok(JsonNode json)
              && json.path("tokens").isArray()
          ? json.path("tokens")
          : null;
    } catch (InterruptedException e) {
      // The turn is over; its next wait ends at once.
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
