package dev.plimsoll.tokens;

import dev.plimsoll.tokens.PromptSlots.Found;
import dev.plimsoll.tokens.RenderForm.CallForm;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a template's form out of prompts that the server made of {@link Probe}s.
 *
 * <p>The words of the probes show where each text went; what stands between them is the template's.
 * Whether that is all there is to it shows when the prompts are made again from the form.
 */
public final class FormReader {
  private final JointTable joints = new JointTable();
  private final Map<Shape, String> bodies = new LinkedHashMap<>();
  private final Map<Shape.Place, String> ends = new EnumMap<>(Shape.Place.class);
  private @Nullable CallForm calls;

  private FormReader() {}

  /**
   * Reads a form.
   *
   * @param probes those of {@link Probe#all}, and {@link Probe#doubled} if the server took it
   * @param tokenizer tells where a prompt may be cut without changing its tokens
   * @return nothing when the template does not write one message behind the other
   */
  public static Optional<RenderForm> read(
      List<Rendered> probes, Rendered check, Tokenizer tokenizer) {
    FormReader reader = new FormReader();
    reader.calls = reader.calls(probes);
    for (Rendered probe : probes) {
      if (!reader.learn(probe)) {
        return Optional.empty();
      }
    }
    RenderForm form = reader.form();
    boolean exact =
        probes.stream().allMatch(probe -> makesAgain(form, probe)) && makesAgain(form, check);
    return Optional.of(form.withKeeps(new Seams(form, tokenizer).keeps()).withExact(exact));
  }

  private @Nullable CallForm calls(List<Rendered> probes) {
    for (Rendered probe : probes) {
      for (MessageText message : probe.probe().messages()) {
        if (message.calls().size() > 1) {
          return new CallReader(probe.prompt()).read(message).orElse(null);
        }
      }
    }
    return null;
  }

  /** Whether the form gives the prompt behind its system message, to the letter. */
  static boolean makesAgain(RenderForm form, Rendered rendered) {
    List<MessageText> messages = rendered.probe().messages();
    StringBuilder made = new StringBuilder();
    Shape.Place before = Shape.Place.SYSTEM;
    int lastUser = Shape.lastUser(messages);
    for (int i = 1; i < messages.size(); i++) {
      boolean past = i < lastUser;
      made.append(form.text(messages.get(i), past, before));
      before = Shape.of(messages.get(i), past).place();
    }
    made.append(form.end(before));
    return rendered.prompt().endsWith(made.toString());
  }

  private boolean learn(Rendered probe) {
    List<Found> found = new PromptSlots(probe, calls).find();
    if (found == null || found.isEmpty()) {
      return false;
    }
    List<MessageText> messages = probe.probe().messages();
    int lastUser = Shape.lastUser(messages);
    Map<Integer, List<Found>> byMessage = new TreeMap<>();
    for (Found slot : found) {
      byMessage.computeIfAbsent(slot.message(), _ -> new ArrayList<>()).add(slot);
    }
    int end = 0;
    List<Shape> since = new ArrayList<>(); // the shapes from the last one with texts on
    for (int i = 0; i < messages.size(); i++) {
      Shape shape = Shape.of(messages.get(i), i < lastUser);
      since.add(shape);
      List<Found> slots = byMessage.get(i);
      if (slots == null) {
        continue; // the template shows nothing of this message
      }
      bodies.putIfAbsent(shape, pattern(probe.prompt(), slots));
      joints.add(since, probe.prompt().substring(end, slots.getFirst().start()));
      end = slots.getLast().end();
      since.clear();
      since.add(shape);
    }
    if (since.size() == 1) {
      ends.putIfAbsent(since.getFirst().place(), probe.prompt().substring(end));
    }
    return true;
  }

  private static String pattern(String prompt, List<Found> slots) {
    StringBuilder pattern = new StringBuilder();
    int at = slots.getFirst().start();
    for (Found slot : slots) {
      pattern.append(prompt, at, slot.start()).append(slot.slot().mark());
      at = slot.end();
    }
    return pattern.toString();
  }

  private RenderForm form() {
    joints.settle();
    for (Map.Entry<Shape, String> closing : joints.closings().entrySet()) {
      bodies.merge(closing.getKey(), closing.getValue(), String::concat);
    }
    return new RenderForm(joints.all(bodies.keySet()), bodies, ends, Map.of(), calls, false);
  }
}
