package dev.plimsoll.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.tokens.PromptMeasure;
import dev.plimsoll.tokens.RenderForm;
import dev.plimsoll.upstream.PromptMeasures.Prompt;
import dev.plimsoll.upstream.PromptMeasures.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sizes prompts for llama-server, which counts texts by {@code /tokenize} and renders by {@code
 * /apply-template}. For servers that have neither, all is estimated.
 *
 * <p>Nothing is kept on disk: such a server's models have names, but nothing that tells whether it
 * is the same model under one.
 */
final class LlamaServerMeasures {
  private final SmallCalls calls;
  private final PromptMeasures measures = new PromptMeasures();

  LlamaServerMeasures(SmallCalls calls) {
    this.calls = calls;
  }

  /**
   * What sizes the prompts of a request.
   *
   * @param identity what the server tells of the model, so that another one is asked about anew
   */
  PromptMeasure measure(String identity, ChatRequest request) throws InterruptedException {
    return measures.measure(new Server(), identity, variant(request), request);
  }

  /** What a template may be told by a request; other fields do not reach it. */
  private static String variant(ChatRequest request) {
    StringBuilder variant = new StringBuilder();
    for (String name : new String[] {"chat_template_kwargs", "reasoning_effort"}) {
      request
          .body()
          .member(name)
          .ifPresent(
              member ->
                  variant.append(
                      new String(
                          request.bytes(),
                          member.value().start(),
                          member.value().length(),
                          StandardCharsets.UTF_8)));
    }
    return variant.toString();
  }

  private final class Server implements PromptMeasures.Server {
    @Override
    public @Nullable Tokens tokens() throws InterruptedException {
      return RemoteTokenizer.of(calls);
    }

    @Override
    public Prompt render(ChatRequest request) throws InterruptedException {
      String body = new String(request.bytes(), StandardCharsets.UTF_8);
      return switch (calls.post("/apply-template", body)) {
        case SmallCalls.Reply.Ok(JsonNode json) when json.path("prompt").isTextual() ->
            new Prompt.Text(json.path("prompt").asText());
        case SmallCalls.Reply.Ok _ -> new Prompt.Refused();
        case SmallCalls.Reply.Refused(int status, var _) -> PromptMeasures.refused(status);
        case SmallCalls.Reply.Failed _ -> new Prompt.Failed();
      };
    }

    @Override
    public Optional<RenderForm> keptForm(String name) {
      return Optional.empty();
    }

    @Override
    public void keep(String name, RenderForm form) {
      // See above.
    }
  }
}
