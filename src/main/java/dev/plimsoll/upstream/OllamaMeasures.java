package dev.plimsoll.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.tokens.PromptMeasure;
import dev.plimsoll.tokens.RenderForm;
import dev.plimsoll.tokens.Tokenizers;
import dev.plimsoll.tokens.Vocabulary;
import dev.plimsoll.tokens.VocabularyReader;
import dev.plimsoll.upstream.PromptMeasures.Prompt;
import dev.plimsoll.upstream.PromptMeasures.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sizes prompts for Ollama: the vocabulary is in {@code /api/show}, and {@code _debug_render_only}
 * tells the prompt that it makes of a conversation.
 */
final class OllamaMeasures {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PromptMeasures measures = new PromptMeasures();
  private final TokenFiles files;
  private final Optional<String> keepAlive;

  /** Asks Ollama something and waits for all of the answer. */
  interface Asking {
    WholeAnswer.Result ask(String route, byte[] body) throws InterruptedException;
  }

  OllamaMeasures(Path dataFolder, Optional<String> keepAlive) {
    this.files = new TokenFiles(dataFolder);
    this.keepAlive = keepAlive;
  }

  /** What sizes the prompts of a request; the model's window must be known. */
  PromptMeasure measure(Asking asking, Model model, ChatRequest request)
      throws InterruptedException {
    String thinking;
    try {
      String said = OllamaBody.thinking(request.body(), model);
      thinking = said == null ? "default" : said;
    } catch (JsonFault e) {
      throw new IllegalStateException("a body that was parsed before", e);
    }
    return measures.measure(new Server(asking, model), model.digest(), thinking, request);
  }

  private final class Server implements PromptMeasures.Server {
    private final Asking asking;
    private final Model model;

    Server(Asking asking, Model model) {
      this.asking = asking;
      this.model = model;
    }

    @Override
    public @Nullable Tokens tokens() throws InterruptedException {
      Optional<Vocabulary> kept = files.vocabulary(model.digest());
      if (kept.isPresent()) {
        return of(kept.get());
      }
      JsonOut body = new JsonOut(128);
      body.ascii("{\"model\":").string(model.name()).ascii(",\"verbose\":true}");
      return switch (asking.ask("/api/show", body.toBytes())) {
        case WholeAnswer.Result.Failed(UpstreamFailure.Status failure) ->
            PromptMeasures.isLasting(failure.status()) ? Tokens.unknown("the vocabulary") : null;
        case WholeAnswer.Result.Failed _ -> null;
        case WholeAnswer.Result.Whole(byte[] json) ->
            switch (VocabularyReader.read(json)) {
              case VocabularyReader.Result.None(String why) -> Tokens.unknown(why);
              case VocabularyReader.Result.Read(Vocabulary vocabulary) -> {
                files.keep(model.digest(), vocabulary);
                yield of(vocabulary);
              }
            };
      };
    }

    private static Tokens of(Vocabulary vocabulary) {
      return new Tokens(Tokenizers.of(vocabulary), vocabulary.bosTokens());
    }

    @Override
    public Prompt render(ChatRequest request) throws InterruptedException {
      byte[] body;
      try {
        body = OllamaBody.render(request, Question.of(request), model, keepAlive);
      } catch (OllamaRefusal e) {
        return new Prompt.Refused();
      }
      return switch (asking.ask("/api/chat", body)) {
        case WholeAnswer.Result.Whole(byte[] json) -> prompt(json);
        case WholeAnswer.Result.Failed(UpstreamFailure.Status failure) ->
            PromptMeasures.refused(failure.status());
        case WholeAnswer.Result.Failed _ -> new Prompt.Failed();
      };
    }

    private static Prompt prompt(byte[] json) {
      try {
        JsonNode text = JSON.readTree(json).path("_debug_info").path("rendered_template");
        return text.isTextual() ? new Prompt.Text(text.asText()) : new Prompt.Refused();
      } catch (IOException e) {
        return new Prompt.Refused();
      }
    }

    @Override
    public Optional<RenderForm> keptForm(String name) {
      return files.form(name);
    }

    @Override
    public void keep(String name, RenderForm form) {
      files.keep(name, form);
    }
  }
}
