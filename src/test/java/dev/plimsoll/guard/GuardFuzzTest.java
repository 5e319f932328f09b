package dev.plimsoll.guard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigSource;
import dev.plimsoll.config.Loaded;
import dev.plimsoll.config.Setting;
import dev.plimsoll.testing.Cuts;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whatever bytes a client sends, and however they are cut: the requests that parser and guard let
 * through are those that any server would read there, they end where it thinks that they end, and
 * each is one that the rules allow when they are read a second time.
 */
class GuardFuzzTest {
  private static final List<Integer> STATUSES =
      List.of(400, 401, 403, 405, 414, 415, 417, 431, 501);

  private static final Config CONFIG =
      config(
          new Setting("test", "listen.api-keys", PlainRules.KEY),
          new Setting("test", "listen.allowed-hosts", PlainRules.LISTED_HOST),
          new Setting("test", "listen.allowed-origins", PlainRules.LISTED_ORIGIN));

  /** What came of one connection: the requests that got in, then maybe one that did not. */
  private record Outcome(List<PlainHttp.Request> served, @Nullable Refusal refusal) {}

  @FuzzTest
  void connection(byte[] bytes) {
    Outcome outcome = guarded(bytes, new int[0]);
    for (int[] cuts : Cuts.of(bytes)) {
      assertThat(guarded(bytes, cuts)).isEqualTo(outcome);
    }
    List<PlainHttp.Request> plain = PlainHttp.requests(bytes);
    assertThat(plain).hasSizeGreaterThanOrEqualTo(outcome.served().size());
    assertThat(outcome.served()).isEqualTo(plain.subList(0, outcome.served().size()));
    outcome.served().forEach(PlainRules::assertAllowed);
    Refusal refusal = outcome.refusal();
    if (refusal != null) {
      assertThat(refusal.error().status()).isIn(STATUSES);
      assertThat(refusal.error().message()).matches("[ -~]{1,300}");
      assertThat(refusal.error().deterministic() || refusal.error().status() == 501).isTrue();
    }
  }

  private static Config config(Setting... settings) {
    return switch (new ConfigSource(Optional.empty(), Map.of(), List.of(settings)).load()) {
      case Loaded.Valid(Config config) -> config;
      case Loaded.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  /** The parser as the server sets it, and the guard's check of every head. */
  private static Outcome guarded(byte[] bytes, int[] cuts) {
    Reader reader = new Reader(Rules.forAgents(CONFIG));
    Cuts.feed(bytes, cuts, reader::feed);
    reader.close();
    return new Outcome(reader.served, reader.refusal);
  }

  private static final class Reader {
    private final EmbeddedChannel channel =
        new EmbeddedChannel(new ExactParser(Entrance.options().getHttp1Config()));
    private final HeadLines lines = new HeadLines();
    private final Rules rules;
    private final List<PlainHttp.Request> served = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    private @Nullable HttpRequest head;
    private @Nullable Refusal refusal;
    private boolean over;

    Reader(Rules rules) {
      this.rules = rules;
    }

    void feed(byte[] piece, int start, int end) {
      channel.writeInbound(Unpooled.copiedBuffer(piece, start, end - start));
      for (HttpObject part = channel.readInbound(); part != null; part = channel.readInbound()) {
        if (!over) {
          take(part);
        }
        ReferenceCountUtil.release(part);
      }
    }

    void close() {
      channel.finishAndReleaseAll();
    }

    private void take(HttpObject part) {
      if (part.decoderResult().isFailure()) {
        over = true;
        return;
      }
      if (part instanceof HttpRequest request) {
        begin(request);
      }
      if (part instanceof HttpContent content && !over) {
        body.append(content.content().toString(ISO_8859_1));
      }
      if (part instanceof LastHttpContent && !over && head != null) {
        served.add(whole(head));
      }
    }

    private void begin(HttpRequest request) {
      head = request;
      body.setLength(0);
      lines.clear();
      for (Map.Entry<String, String> line : request.headers()) {
        lines.accept(line.getKey(), line.getValue());
      }
      boolean known = request.protocolVersion().text().matches("HTTP/1\\.[01]");
      refusal = HeadCheck.check(request.method().name(), request.uri(), lines, rules);
      over = !known || refusal != null;
    }

    private PlainHttp.Request whole(HttpRequest request) {
      List<String> fields = new ArrayList<>();
      for (Map.Entry<String, String> line : request.headers()) {
        fields.add(line.getKey().toLowerCase(Locale.ROOT) + ": " + line.getValue());
      }
      return new PlainHttp.Request(request.method().name(), request.uri(), fields, body.toString());
    }
  }
}
