package dev.plimsoll.upstream;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.ModelRequest;
import dev.plimsoll.recover.Continuation;
import dev.plimsoll.stream.EventSink;
import dev.plimsoll.stream.Timings;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.tokens.PromptMeasure;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The model server as a turn uses it: the port behind which all protocols look alike. */
public interface Upstream {
  /** Looks a model up. Blocks the calling virtual thread for some seconds at most. */
  Found find(String name) throws InterruptedException;

  /**
   * Makes sure that the model's window is known, loading the model when there is no other way.
   *
   * @param current is told the call under way, so that it can be reset when the client leaves
   */
  Found prepare(Loop loop, Model model, Consumer<UpstreamCall> current) throws InterruptedException;

  /**
   * Finds what sizes the prompts of this request; for a model whose window is known. Blocks the
   * calling virtual thread: once for each model for as long as loading it takes, once for each new
   * system prompt or set of tools for a question to the server. Never fails: what cannot be had is
   * estimated.
   *
   * @param current is told the call under way, so that it can be reset when the client leaves
   */
  PromptMeasure measure(Loop loop, Model model, ChatRequest request, Consumer<UpstreamCall> current)
      throws InterruptedException;

  /** Writes a question in the server's form; CPU work, not for the loop. */
  Encoded encode(Question question, Model model);

  /**
   * How a model can be brought to go on with an answer. Blocks the calling virtual thread for some
   * seconds at most.
   */
  Continuation.Way wayToContinue(Model model, ModelRequest request) throws InterruptedException;

  /**
   * Has the model loaded anew by the next request, where the server can be told so. Blocks the
   * calling virtual thread for some seconds at most.
   */
  void unload(Model model) throws InterruptedException;

  /**
   * Sends a request; for the loop only.
   *
   * @param headers the client's
   * @param firstByte how long to wait for the first byte of the answer's body, if that is less than
   *     the configuration allows
   * @param events gets what the model says
   * @param end is told once that nothing more comes, and why unless that is a clean end
   */
  UpstreamCall send(
      Loop loop,
      Encoded.Ready request,
      MultiMap headers,
      Duration firstByte,
      EventSink events,
      Consumer<@Nullable UpstreamFailure> end);

  /** Learns from how an answer went. */
  void answered(Model model, @Nullable Timings timings);

  /**
   * Learns that the model's window is smaller than was thought: a prompt that should have fitted
   * was refused, or cut in silence. Blocks the calling virtual thread for some seconds at most.
   *
   * @param most the largest window that it can be, in tokens; empty when nobody tells
   */
  void tooLong(Model model, OptionalLong most) throws InterruptedException;
}
