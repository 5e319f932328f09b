package dev.plimsoll.turn;

import dev.plimsoll.calls.ArgumentRule;
import dev.plimsoll.calls.CallCheck;
import dev.plimsoll.calls.Toolbox;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.CompletionRequest;
import dev.plimsoll.chat.Member;
import dev.plimsoll.chat.ModelRequest;
import dev.plimsoll.config.Recovery;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.stream.Judge;
import dev.plimsoll.stream.ResponseWatcher;

/**
 * How the answers to one request are watched and judged.
 *
 * @param terms what the watcher looks for while an answer comes
 * @param judge says what it was
 */
record AnswerWatch(ResponseWatcher.Terms terms, Judge judge) {
  static AnswerWatch of(
      ModelRequest request, Recovery config, ArgumentRule rule, String callIdPrefix) {
    Toolbox tools =
        switch (request) {
          case ChatRequest chat -> Toolbox.of(chat);
          case CompletionRequest _ -> Toolbox.EMPTY;
        };
    Toolbox inText = config.rescueTextToolCalls() ? tools : Toolbox.EMPTY;
    CallCheck check = new CallCheck(tools, config.validateArguments() ? rule : ArgumentRule.NONE);
    return new AnswerWatch(
        new ResponseWatcher.Terms(inText, callIdPrefix, config.maxHeld()),
        new Judge(check, callIdPrefix, !tools.isEmpty(), stopsAtText(request)));
  }

  private static boolean stopsAtText(ModelRequest request) {
    Member stop = request.body().member("stop").orElse(null);
    return stop != null && stop.kind() != JsonKind.NULL;
  }
}
