package dev.plimsoll.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.chat.Role;
import dev.plimsoll.testing.Chance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Forms read out of rendered prompts, and conversations counted by them. */
class RenderFormTest {
  private static Rendered rendered(Templates template, Probe probe) {
    return new Rendered(probe, template.render(probe.messages()));
  }

  private static RenderForm form(Templates template, Tokenizer tokenizer) {
    List<Rendered> probes = new ArrayList<>();
    Probe.all().forEach(probe -> probes.add(rendered(template, probe)));
    probes.add(rendered(template, Probe.doubled()));
    return FormReader.read(probes, rendered(template, Probe.check()), tokenizer).orElseThrow();
  }

  private static Tokenizer tokenizer() throws IOException {
    return Tokenizers.of(MadeUp.bytePairs()).tokenizer();
  }

  @ParameterizedTest
  @EnumSource
  void aFormMakesItsTemplatesPrompts(Templates template) throws IOException {
    RenderForm form = form(template, tokenizer());

    assertThat(form.exact()).isTrue();
    Chance.cases(
        1,
        300,
        random -> {
          Probe chat = new Probe(chat(random));
          assertThat(FormReader.makesAgain(form, rendered(template, chat))).isTrue();
        });
  }

  @ParameterizedTest
  @EnumSource
  void messagesAddUpToTheirPrompt(Templates template) throws IOException {
    Tokenizer tokenizer = tokenizer();
    ModelCounter counter =
        new ModelCounter(
            new Tokenization.Exact(tokenizer), form(template, tokenizer), template.name());
    Chance.cases(
        1000,
        300,
        random -> {
          List<MessageText> chat = chat(random);
          String alone = template.render(List.of(chat.getFirst(), ModelCounter.FIXED_USER));
          int planned = counter.prompt(counter.fixed(alone, 0), chat);
          assertThat(planned).isEqualTo(tokenizer.count(template.render(chat)));
        });
  }

  @ParameterizedTest
  @EnumSource
  void aFormComesBackFromDiskAsItWas(Templates template) throws IOException {
    RenderForm form = form(template, tokenizer());

    assertThat(FormCodec.decode(FormCodec.encode(form))).contains(form);
  }

  @Test
  void damagedFilesAreNoForms() {
    for (String json :
        new String[] {"", "{\"version\":0}", "{\"version\":1,\"joints\":{\"NO\":{}}}"}) {
      assertThat(FormCodec.decode(json.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }
  }

  @Test
  void aTemplateThatIsMoreThanTextsAndJointsIsNotExact() throws IOException {
    List<Rendered> probes = new ArrayList<>();
    Probe.all().forEach(probe -> probes.add(numbered(probe)));

    assertThat(FormReader.read(probes, numbered(Probe.check()), tokenizer()).orElseThrow().exact())
        .isFalse();
  }

  private static Rendered numbered(Probe probe) {
    StringBuilder out = new StringBuilder();
    int number = 0;
    for (MessageText message : probe.messages()) {
      out.append('#').append(number++).append(' ').append(message.content());
    }
    return new Rendered(probe, out.toString());
  }

  @Test
  void aTemplateThatMovesMessagesHasNoForm() throws IOException {
    List<Rendered> probes = new ArrayList<>();
    for (Probe probe : Probe.all()) {
      StringBuilder out = new StringBuilder();
      probe.messages().reversed().forEach(message -> out.append('|').append(message.content()));
      probes.add(new Rendered(probe, out.toString()));
    }

    assertThat(FormReader.read(probes, probes.getFirst(), tokenizer())).isEmpty();
  }

  @Test
  void unknownTemplatesCountLikeChatMl() throws IOException {
    ModelCounter counter =
        new ModelCounter(new Tokenization.Exact(tokenizer()), RenderForm.chatMl(), "id");

    assertThat(counter.exact()).isFalse();
    int empty = counter.message(MessageText.of(Role.USER, ""), Role.ASSISTANT);
    int some = counter.message(MessageText.of(Role.USER, "the"), Role.ASSISTANT);
    assertThat(some).isEqualTo(empty + 1);
    assertThat(counter.message(MessageText.of(Role.SYSTEM, "the"), null)).isZero();
  }

  private static final List<String> TEXTS =
      List.of(
          "the", "hello then", "  in front", "behind \n", "<|stop|>", "a\n\nb", "1 2", "\u00E9");

  private static String text(SplittableRandom random) {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  /** A conversation as agents have it: every call is answered, and users speak in between. */
  private static List<MessageText> chat(SplittableRandom random) {
    List<MessageText> chat = new ArrayList<>();
    chat.add(MessageText.of(Role.SYSTEM, "the system"));
    chat.add(MessageText.of(Role.USER, text(random)));
    for (int turn = random.nextInt(8); turn > 0; turn--) {
      int count = random.nextInt(3);
      String content = count == 0 || random.nextBoolean() ? text(random) : "";
      String reasoning = random.nextBoolean() ? text(random) : "";
      List<CallText> calls = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        calls.add(new CallText("tool" + random.nextInt(3), arguments(random)));
      }
      chat.add(new MessageText(Role.ASSISTANT, content, reasoning, calls, "", 0));
      calls.forEach(call -> chat.add(MessageText.result(call.name(), text(random))));
      if (calls.isEmpty() || random.nextInt(4) == 0) {
        chat.add(MessageText.of(Role.USER, text(random)));
      }
    }
    return chat;
  }

  private static String arguments(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> "{}";
      case 1 -> "{ \"path\" : \"a/<b>\\n\", \"z\": 1e3, \"a\": -0.25 }";
      case 2 -> "{\"b\":[1,{\"y\":null,\"x\":\"&\"}],\"a\":true,\"long\":12345678}";
      default -> "{\"text\":\"\\u00e9 \\\"q\\\" \\\\ \\t end\"}";
    };
  }
}
