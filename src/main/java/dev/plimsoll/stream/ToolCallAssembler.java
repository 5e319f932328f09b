package dev.plimsoll.stream;

import dev.plimsoll.calls.Repair;
import dev.plimsoll.calls.WrittenCall;
import dev.plimsoll.chat.ToolCall;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts tool calls together from their pieces.
 *
 * <p>Mends what servers get wrong in the form: calls that all carry index 0 are told apart by their
 * ids, a missing or repeated id is replaced, absent arguments become {@code {}}. It never mends the
 * arguments' text.
 */
final class ToolCallAssembler {
  private final String idPrefix;
  private final List<Draft> drafts = new ArrayList<>(2);
  private final Set<Repair> repairs = EnumSet.noneOf(Repair.class);

  /** One call while its pieces come. */
  private static final class Draft {
    final int index;
    @Nullable String id;
    @Nullable String name;
    boolean asValue;
    final StringBuilder arguments = new StringBuilder();

    Draft(int index, @Nullable String id) {
      this.index = index;
      this.id = id;
    }

    String arguments() {
      return arguments.isEmpty() ? "{}" : arguments.toString();
    }
  }

  /** Makes an assembler; ids that it must invent start with {@code idPrefix}. */
  ToolCallAssembler(String idPrefix) {
    this.idPrefix = idPrefix;
  }

  boolean isEmpty() {
    return drafts.isEmpty();
  }

  void add(StreamEvent.ToolCallDelta delta) {
    Draft draft = draftFor(delta);
    String name = given(delta.name());
    draft.name = name == null ? draft.name : name;
    draft.arguments.append(delta.arguments());
    draft.asValue |= delta.asValue();
  }

  private Draft draftFor(StreamEvent.ToolCallDelta delta) {
    String id = given(delta.id());
    String name = given(delta.name());
    for (int i = drafts.size() - 1; i >= 0; i--) {
      Draft draft = drafts.get(i);
      if (draft.index != delta.index()) {
        continue;
      }
      if (id == null || id.equals(draft.id)) {
        return draft;
      }
      if (draft.id == null && (draft.name == null || name == null)) {
        draft.id = id; // an id that comes late
        return draft;
      }
    }
    Draft draft = new Draft(delta.index(), id);
    drafts.add(draft);
    return draft;
  }

  private static @Nullable String given(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  /**
   * All calls of the answer, those that stood in its text first; what no piece names has an empty
   * name.
   */
  List<ToolCall> assemble(List<WrittenCall> inText) {
    List<ToolCall> calls = new ArrayList<>(inText.size() + drafts.size());
    Set<String> ids = new HashSet<>();
    drafts.forEach(draft -> ids.add(draft.id == null ? "" : draft.id));
    for (WrittenCall written : inText) {
      calls.add(new ToolCall(ownId(ids, calls.size()), written.name(), written.arguments()));
    }
    Set<String> given = new HashSet<>();
    for (int i = 0; i < drafts.size(); i++) {
      Draft draft = drafts.get(i);
      String id = draft.id;
      if (id == null || !given.add(id)) {
        repairs.add(Repair.ID);
        id = ownId(ids, calls.size());
      }
      if (draft.index != i) {
        repairs.add(Repair.INDEX);
      }
      if (draft.asValue) {
        repairs.add(Repair.ARGS_TYPE);
      }
      calls.add(new ToolCall(id, draft.name == null ? "" : draft.name, draft.arguments()));
    }
    return calls;
  }

  /** What had to be mended in their form. */
  Set<Repair> repairs() {
    return Set.copyOf(repairs);
  }

  private String ownId(Set<String> taken, int first) {
    int number = first;
    while (!taken.add(idPrefix + number)) {
      number++;
    }
    return idPrefix + number;
  }
}
