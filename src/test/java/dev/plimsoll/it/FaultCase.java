package dev.plimsoll.it;

import static dev.plimsoll.it.Expected.again;
import static dev.plimsoll.it.Expected.call;
import static dev.plimsoll.it.Expected.error;
import static dev.plimsoll.it.Expected.goesOn;
import static dev.plimsoll.it.Expected.rescued;
import static dev.plimsoll.it.Plan.ABANDONED;
import static dev.plimsoll.it.Plan.GOOD;
import static dev.plimsoll.it.Plan.HALF;
import static dev.plimsoll.it.Plan.all;
import static dev.plimsoll.it.Plan.calls;
import static dev.plimsoll.it.Plan.cut;
import static dev.plimsoll.it.Plan.each;
import static dev.plimsoll.it.Plan.eachCall;
import static dev.plimsoll.it.Plan.failing;
import static dev.plimsoll.it.Plan.glm;
import static dev.plimsoll.it.Plan.partsCutByLength;
import static dev.plimsoll.it.Plan.pieces;
import static dev.plimsoll.it.Plan.round;
import static dev.plimsoll.it.Plan.status;
import static dev.plimsoll.it.Plan.statusAfter;
import static dev.plimsoll.it.Plan.the;
import static dev.plimsoll.it.Plan.words;

import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Everything that can go wrong with an answer: what the model server does one time after the other,
 * and what the client gets of it. The table of docs/recovery.md has a row for each.
 */
@SuppressWarnings("ImmutableEnumChecker") // replies are values, though nobody has marked them
enum FaultCase {
  // the connection
  CLOSED_BEFORE_ANY_BYTE(the(new Fault.Refuse()), again("stream_cut")),
  CLOSED_IN_THE_FIRST_LINE(
      the(Answer.text("a").with(new Fault.CutAfter(10, Fault.How.FIN))), again("stream_cut")),
  RESET_IN_THE_FIRST_LINE(
      the(Answer.text("a").with(new Fault.CutAfter(10, Fault.How.RST))), again("stream_cut")),
  ENDED_IN_THE_FIRST_LINE(
      the(Answer.text("a").with(new Fault.CutAfter(10, Fault.How.CLEAN_END))), again("stream_cut")),
  NOTHING_IN_THE_BODY(the(new Fault.Raw("", "application/x-ndjson")), again("stream_cut")),
  CLOSED_IN_THE_TEXT(the(words().with(cut(Fault.How.FIN))), goesOn("stream_cut")),
  RESET_IN_THE_TEXT(the(words().with(cut(Fault.How.RST))), goesOn("stream_cut")),
  ENDED_IN_THE_TEXT(the(words().with(cut(Fault.How.CLEAN_END))), goesOn("stream_cut")),
  NO_FINISH_BEHIND_TEXT(the(words().with(new Fault.NoFinish())), goesOn("stream_cut")),
  NO_FINISH_BEHIND_REASONING(
      the(Answer.empty().reasoning("Hm").with(new Fault.NoFinish())), again("stream_cut")),
  NO_FINISH_AT_ALL(the(Answer.empty().with(new Fault.NoFinish())), again("stream_cut")),
  NO_FINISH_BEHIND_A_CALL(
      the(Answer.empty().call("c", "write", ABANDONED).with(new Fault.NoFinish())),
      again("stream_cut")),
  CUT_OVER_AND_OVER(
      all(4, words().with(new Fault.NoFinish())),
      Expected.of(4, "stream_cut", "error server_error", "error upstream_error")),

  // waiting
  NO_HEAD(
      the(new Fault.SilentHeaders(Duration.ofMinutes(5))),
      again("timeout"),
      "upstream.first-byte-timeout=2s"),
  NO_FIRST_WORD(
      the(Answer.text("a").with(new Fault.Stall(0, Duration.ofMinutes(5)))),
      again("timeout"),
      "upstream.first-byte-timeout=2s",
      "upstream.idle-timeout=2s"),
  SILENCE_IN_THE_TEXT(
      the(words().with(new Fault.Stall(5, Duration.ofMinutes(5)))),
      goesOn("timeout"),
      "upstream.idle-timeout=2s"),

  // status codes
  STATUS_408(the(status(408)), again("upstream_error")),
  STATUS_429(the(status(429)), again("upstream_error")),
  STATUS_500(the(status(500)), again("upstream_error")),
  STATUS_502(the(status(502)), again("upstream_error")),
  STATUS_503(the(status(503)), again("upstream_error")),
  STATUS_504(the(status(504)), again("upstream_error")),
  STATUS_529(the(status(529)), again("upstream_error")),
  STATUS_500_TWICE(all(2, status(500)), error(2, "upstream_error", "upstream_error")),
  STATUS_503_ALWAYS(all(4, status(503)), error(4, "upstream_error", "upstream_overloaded")),
  STATUS_400(the(status(400)), error(1, "refused", "invalid_request")),
  STATUS_401(the(status(401)), error(1, "refused", "invalid_api_key")),
  STATUS_404(the(status(404)), error(1, "refused", "model_not_found")),
  RETRY_AFTER_A_MOMENT(the(statusAfter("0")), again("upstream_error")),
  RETRY_AFTER_AN_HOUR(the(statusAfter("3600")), error(1, "upstream_error", "upstream_overloaded")),
  PROMPT_DOES_NOT_FIT(
      each(Fault.contextExceeded(5000, 4096), Fault.llamaContextExceeded(5000, 4096)),
      error(1, "overflow", "context_length_exceeded")),
  PAGE_INSTEAD_OF_AN_ANSWER(
      the(new Fault.Raw("<html>Welcome</html>\n\n", "text/html")), again("*")),

  // the model server
  RUNNER_GONE_BEFORE(the(Fault.runnerStopped()), again("runner_crash")),
  RUNNER_DIES_AT_ONCE(the(Answer.text("a").with(Fault.runnerDied(0))), again("runner_crash")),
  RUNNER_DIES_IN_THE_TEXT(the(words().with(Fault.runnerDied(5))), goesOn("runner_crash")),
  RUNNER_DIES_ALWAYS(all(3, Fault.runnerStopped()), error(3, "runner_crash", "upstream_error")),
  NO_MEMORY_ONCE(the(Fault.nativeError(500, "CUDA error: out of memory")), again("runner_crash")),
  NO_MEMORY_TWICE(
      all(2, Fault.nativeError(500, "CUDA error: out of memory")),
      error(2, "runner_crash", "upstream_error")),
  SERVER_IS_BUSY(the(Fault.busy()), again("upstream_error")),
  ERROR_IN_THE_STREAM(
      the(words().with(new Fault.ErrorLine(5, "something odd happened"))),
      goesOn("upstream_error")),

  // the length
  TEXT_CUT_BY_LENGTH(
      the(words().length()), Expected.of(2, "length_in_text", "text (w\\d+ )+All done\\.")),
  TEXT_CUT_BY_LENGTH_ALWAYS(
      partsCutByLength(4), Expected.of(4, "length_in_text", "length (w\\d+ ?)+")),
  REASONING_CUT_BY_LENGTH(the(Answer.empty().reasoning("Hm").length()), again("length_in_text")),
  CALL_CUT_BY_LENGTH(
      eachCall(
          Answer.empty().tokens(10, 300).length(),
          Answer.empty().call("c", "write", HALF).length()),
      call("length_in_tool_call")),
  CALL_CUT_BY_LENGTH_BEHIND_TEXT(
      eachCall(
          Answer.text("I'll write it.").tokens(10, 300).length(),
          Answer.text("I'll write it.").call("c", "write", HALF).length()),
      Expected.of(2, "length_in_tool_call", "call I'll write it\\.", "call Here:")),
  CALL_IN_THE_TEXT_CUT_BY_LENGTH(
      calls(Answer.text(pieces(glm().substring(0, 40))).length()), call("length_in_tool_call")),
  WINDOW_FULL_IN_A_CALL(
      each(
          Answer.empty().tokens(3000, 1096).length(),
          Answer.empty().call("c", "write", HALF).tokens(3000, 1096).length()),
      error(1, "length_in_tool_call", "context_length_exceeded")),
  CALL_WHOLE_AT_THE_LENGTH(
      the(Answer.text("Here:").call("c", "write", GOOD).length()),
      Expected.of(1, "ok", "call Here:")),

  // tool calls
  CALL_BREAKS_OFF(
      eachCall(
          failing("incomplete GLM tool call: " + HALF), Answer.empty().call("c", "write", HALF)),
      call("invalid_tool_arguments")),
  CALL_CANNOT_BE_READ(
      eachCall(
          failing("error parsing tool call: raw='{path}', err=invalid character"),
          Answer.empty().call("c", "write", "{path: \"/abandoned\"}")),
      call("invalid_tool_arguments")),
  CALL_BREAKS_OFF_BEHIND_TEXT(
      eachCall(
          Answer.text("I'll write it.")
              .with(new Fault.ErrorLine(1, "incomplete GLM tool call: " + HALF)),
          Answer.text("I'll write it.").call("c", "write", HALF)),
      Expected.of(2, "invalid_tool_arguments", "call I'll write it\\.", "call Here:")),
  SECOND_CALL_BREAKS_OFF(
      eachCall(
          failing("incomplete GLM tool call: " + HALF),
          Answer.empty().call("c", "write", ABANDONED).call("d", "write", HALF)),
      call("invalid_tool_arguments")),
  CALL_BROKEN_ALWAYS(
      all(4, Answer.empty().call("c", "write", "{\"path\":7}")),
      error(4, "schema_mismatch", "recovery_exhausted")),
  UNKNOWN_TOOL(calls(Answer.empty().call("c", "wriet", GOOD)), call("unknown_tool")),
  ARGUMENT_IS_MISSING(
      calls(Answer.empty().call("c", "write", "{\"lines\":7}")), call("schema_mismatch")),
  ARGUMENT_IS_OF_ANOTHER_TYPE(
      calls(Answer.empty().call("c", "write", "{\"path\":7}")), call("schema_mismatch")),
  ARGUMENT_IS_UNKNOWN(
      calls(Answer.empty().call("c", "write", "{\"path\":\"/abandoned\",\"one two three\":\"\"}")),
      call("schema_mismatch")),
  CALL_IN_THE_TEXT_GLM(the(Answer.text(pieces(glm()))), rescued()),
  CALL_IN_THE_TEXT_QWEN(
      the(
          Answer.text(
              pieces(
                  "<tool_call>\n<function=write>\n<parameter=path>\n/out.txt\n</parameter>\n"
                      + "</function>\n</tool_call>"))),
      rescued()),
  CALL_IN_THE_TEXT_HERMES(
      the(
          Answer.text(
              pieces(
                  "<tool_call>\n{\"name\": \"write\", \"arguments\": {\"path\":\"/out.txt\"}}\n"
                      + "</tool_call>"))),
      rescued()),
  CALL_IN_THE_TEXT_MISTRAL(
      the(
          Answer.text(
              pieces("[TOOL_CALLS][{\"name\":\"write\",\"arguments\":{\"path\":\"/out.txt\"}}]"))),
      rescued()),
  CALL_IN_THE_TEXT_ARGS(the(Answer.text(pieces("write[ARGS]{\"path\":\"/out.txt\"}"))), rescued()),
  CALL_IN_THE_TEXT_JSON(
      the(Answer.text(pieces("{\"name\":\"write\",\"arguments\":{\"path\":\"/out.txt\"}}"))),
      rescued()),
  CALL_IN_THE_TEXT_FENCED(
      the(
          Answer.text(
              pieces("```json\n{\"name\":\"write\",\"arguments\":{\"path\":\"/out.txt\"}}\n```"))),
      rescued()),
  CALL_IN_THE_TEXT_BREAKS_OFF(
      calls(Answer.text(pieces(glm().replace("/out.txt", "/abandoned").substring(0, 70)))),
      call("text_tool_call")),
  CALLS_WITHOUT_IDS(
      the(Answer.text("Here:").call("", "write", GOOD)), Expected.of(1, "ok", "call Here:")),

  // the model
  NOTHING_SAID(the(Answer.empty()), again("empty_response")),
  WHITE_SPACE_SAID(the(Answer.text("\n")), again("empty_response")),
  REASONING_ONLY(the(Answer.empty().reasoning("Hm")), again("empty_response")),
  NOTHING_SAID_TWICE(all(2, Answer.empty()), error(2, "empty_response", "recovery_exhausted")),
  REASONING_GOES_ROUND(the(Answer.empty().reasoning(round()).length()), again("repetition")),
  TEXT_GOES_ROUND(
      the(Answer.text(round())),
      new Expected(1, 2, "repetition", "error server_error", "text All done\\.")),
  ANSWER_TOO_LARGE(
      the(Answer.empty().call("c", "write", "{\"path\":\"" + "x".repeat(9000) + "\"}")),
      error(1, "upstream_error", "recovery_exhausted"),
      "recovery.max-held=8KiB");

  private final Plan plan;
  private final Expected expected;
  private final List<String> settings;

  FaultCase(Plan plan, Expected expected, String... settings) {
    this.plan = plan;
    this.expected = expected;
    this.settings = List.of(settings);
  }

  Plan plan() {
    return plan;
  }

  Expected expected() {
    return expected;
  }

  /** What Plimsoll has to be told for it, beside the usual. */
  List<String> settings() {
    return settings;
  }

  /** Its name in docs/recovery.md. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
