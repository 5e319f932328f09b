package dev.plimsoll.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides what becomes of a request, in the order in which the real server looks at it. */
final class Dispatch {
  private final Dialect dialect;
  private final LoadedModels models;
  private final Catalogue catalogue;
  private final Replies replies;

  Dispatch(Dialect dialect, LoadedModels models, Catalogue catalogue, Replies replies) {
    this.dialect = dialect;
    this.models = models;
    this.catalogue = catalogue;
    this.replies = replies;
  }

  Script script(RecordedRequest request) {
    Optional<Route> route = Route.of(request.path(), dialect);
    if (route.isEmpty()) {
      return catalogue.unknownPath();
    }
    if (!route.get().takes(request.method())) {
      return catalogue.wrongMethod(route.get());
    }
    return route.get().generates()
        ? generate(route.get(), request)
        : catalogue(route.get(), request);
  }

  private Script catalogue(Route route, RecordedRequest request) {
    Optional<Reply> reply = replies.next(route, request);
    if (reply.isPresent() && reply.get() instanceof Recording recording) {
      return Staging.replay(recording);
    }
    JsonNode body = route.method().equals("POST") ? json(request) : JsonText.object();
    return Staging.fixed(catalogue.of(route, body), reply.map(Dispatch::faults).orElse(List.of()));
  }

  private Script generate(Route route, RecordedRequest request) {
    JsonNode body = json(request);
    Wish wish = Wish.of(route, body);
    if (body.isMissingNode()) {
      return dialect.ollama()
          ? refuseEarly(wish, "unexpected EOF")
          : refuse(wish, 500, "[json.exception.parse_error.101] parse error");
    }
    if (!dialect.ollama()) {
      return answer(wish, next(route, request), Duration.ZERO);
    }
    if (wish.model().isEmpty()) {
      return refuse(wish, 400, "model is required");
    }
    boolean nothingAsked = nothingAsked(route, body);
    if (nothingAsked && route.openAi()) {
      return refuseEarly(wish, "[] is too short - 'messages'");
    }
    Optional<FakeModel> model = models.find(wish.model());
    if (model.isEmpty()) {
      return refuse(wish, 404, "model '" + wish.model() + "' not found");
    }
    return nothingAsked ? load(model.get(), wish, body) : ask(model.get(), wish, body, request);
  }

  private static boolean nothingAsked(Route route, JsonNode body) {
    return switch (route) {
      case CHAT, V1_CHAT -> body.path("messages").isEmpty();
      case GENERATE -> body.path("prompt").asText().isEmpty();
      default -> false;
    };
  }

  /** A request without messages changes which models are loaded, and says nothing. */
  private Script load(FakeModel model, Wish wish, JsonNode body) {
    NativeForm form = new NativeForm(wish.model(), wish.route() == Route.GENERATE);
    JsonNode keepAlive = body.path("keep_alive");
    if (keepAlive.isNumber() && keepAlive.asInt() == 0) {
      models.unload(model.name());
      return Script.fromGo(200, form.wholeType(), form.state("unload"));
    }
    Duration loading = models.use(model, body);
    return after(loading, Script.fromGo(200, form.wholeType(), form.state("load")));
  }

  private Script ask(FakeModel model, Wish wish, JsonNode body, RecordedRequest request) {
    if (!body.path("tools").isEmpty() && !model.capabilities().contains("tools")) {
      String text = "registry.ollama.ai/library/" + model.name() + " does not support tools";
      return refuse(wish, 400, text);
    }
    // On /v1 neither num_ctx nor shift can be said.
    JsonNode options = wish.route().openAi() ? JsonText.object() : body;
    Duration loading = models.use(model, options);
    if (wish.route() == Route.CHAT && body.path("_debug_render_only").asBoolean()) {
      Body prompt = Body.of(RenderedPrompt.answer(wish.model(), body));
      String type = wish.form(dialect, Framing.NATURAL).wholeType();
      return after(loading, Script.fromGo(200, type, prompt));
    }
    return answer(wish, next(wish.route(), request), loading);
  }

  private Reply next(Route route, RecordedRequest request) {
    return replies.next(route, request).orElseThrow();
  }

  private Script answer(Wish wish, Reply reply, Duration loading) {
    return after(
        loading,
        switch (reply) {
          case Answer answer -> answer(wish, answer, List.of());
          case Fault fault -> answer(wish, Answer.text("Hello", " world"), List.of(fault));
          case Reply.Faulty(Answer answer, List<Fault> faults) -> answer(wish, answer, faults);
          case Recording recording -> Staging.replay(recording);
        });
  }

  private Script answer(Wish wish, Answer answer, List<Fault> faults) {
    return Staging.answer(wish.form(dialect, answer.framing()), wish.stream(), answer, faults);
  }

  private static List<Fault> faults(Reply reply) {
    return switch (reply) {
      case Fault fault -> List.of(fault);
      case Reply.Faulty faulty -> faulty.faults();
      case Answer _, Recording _ -> List.of();
    };
  }

  private Script refuse(Wish wish, int status, String text) {
    Form form = wish.form(dialect, Framing.NATURAL);
    return Script.fromGo(status, form.wholeType(), Body.of(form.error(status, text)));
  }

  /** What is refused before the /v1 writer is in place comes without its line feed and type. */
  private Script refuseEarly(Wish wish, String text) {
    String error = wish.form(dialect, Framing.NATURAL).error(400, text).stripTrailing();
    return Script.fromGo(400, "application/json; charset=utf-8", Body.of(error));
  }

  private static Script after(Duration wait, Script script) {
    if (!wait.isPositive()) {
      return script;
    }
    List<Step> steps = new ArrayList<>(script.steps());
    steps.addFirst(new Step.Wait(wait));
    return new Script(steps, script.cutAfter(), script.cut(), script.framing());
  }

  /** The body, or a missing node when it is no JSON. */
  private static JsonNode json(RecordedRequest request) {
    try {
      return request.json();
    } catch (IllegalStateException e) {
      return MissingNode.getInstance();
    }
  }
}
