package dev.plimsoll.compact;

import dev.plimsoll.chat.Role;
import dev.plimsoll.tokens.CallText;
import dev.plimsoll.tokens.MessageCounter;
import dev.plimsoll.tokens.MessageText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the records of the messages that leave in one batch. */
final class Recorder {
  /** What the assistant said beside its calls, in characters. */
  private static final int REMARK = 120;

  /** The longest gist of what it said, in characters, and the share of the text that it may be. */
  private static final int REPORT = 1200;

  private static final double GIST = 0.2;

  /** What it said without a call, an answer to the user. */
  private static final int ANSWER = 600;

  /** The shares of the room that one message of the user's and one account may take. */
  private static final double WORDS = 0.2;

  private static final double ACCOUNT = 0.15;

  /** The shares of what leaves that excerpts and mentioned names may take. */
  private static final double EXCERPTS = 0.15;

  private static final double NAMES = 0.08;

  private final Transcript transcript;
  private final MessageCounter counter;
  private final long room;
  private final NameUses uses;
  private final FileUses files;
  private final FileUses hot;
  private final Sight sight = new Sight();
  private final CallRecords calls;
  private final Excerpts excerpts;
  private final List<Draft> drafts = new ArrayList<>();

  /**
   * A recorder for one batch.
   *
   * @param room what all messages may take, in tokens
   * @param log what the model still sees of earlier batches
   * @param uses is told of every name that leaves
   * @param files is told of every file that was read or changed
   */
  Recorder(
      Transcript transcript,
      MessageCounter counter,
      long room,
      Log log,
      NameUses uses,
      FileUses files) {
    this.transcript = transcript;
    this.room = room;
    this.counter = counter;
    this.uses = uses;
    this.files = files;
    this.hot = files.copy();
    this.calls = new CallRecords(sight, log.text());
    this.excerpts = new Excerpts(counter, sight, uses, hot);
    for (Entry entry : log.entries()) {
      sight.addNames(entry.text());
      String lines = entry.kind() == Entry.Kind.EXCERPT ? entry.text() : entry.call();
      lines.lines().forEach(line -> sight.log(Lines.code(line)));
    }
  }

  /**
   * The records of the messages before {@code cut}, while those up to {@code end} stay.
   *
   * @param leaving what the leaving messages cost; the records get a share of it
   */
  List<Entry> record(int from, int cut, int end, long leaving) {
    for (int i = cut; i < end; i++) {
      stays(i);
    }
    for (int i = from; i < cut; i++) {
      leaves(i, from, cut);
    }
    for (Draft draft : drafts) {
      sight.addNames(draft.text());
    }
    Mentions mentions = new Mentions(counter, sight, uses);
    drafts.forEach(mentions::note);
    List<Entry> lines = excerpts.choose((long) (EXCERPTS * leaving));
    mentions.choose((long) (NAMES * leaving));
    List<Entry> entries = new ArrayList<>();
    for (Draft draft : drafts) {
      if (!draft.isEmpty()) {
        entries.add(draft.entry(counter));
      }
    }
    entries.addAll(lines);
    return entries;
  }

  private void stays(int index) {
    MessageText text = transcript.text(index);
    sight.addNames(text.content());
    if (text.role() == Role.TOOL) {
      Lines.of(text.content()).all().forEach(line -> sight.stay(line.code()));
    }
    for (CallText call : text.calls()) {
      ToolUse use = ToolUse.of(call);
      use.fields().forEach(field -> sight.addNames(field.value()));
      String path = use.path();
      if (path != null && use.changes()) {
        hot.changed(path);
      }
    }
  }

  private void leaves(int index, int from, int cut) {
    switch (transcript.role(index)) {
      case USER, SYSTEM, DEVELOPER -> user(index);
      case ASSISTANT -> assistant(index, cut);
      case TOOL -> {
        if (index == from || transcript.lastAssistant(from - 1, index) < from) {
          drafts.add(names(index, transcript.text(index))); // nobody called for it
        }
      }
    }
  }

  private void user(int index) {
    MessageText message = transcript.text(index);
    String words = bounded(message.content().strip(), WORDS);
    String images = message.images() == 0 ? "" : " [images: " + message.images() + "]";
    boolean user = message.role() == Role.USER;
    String text = (user ? "user said: " : "instruction: ") + words + images;
    drafts.add(new Draft(Entry.Kind.USER, index, "", "", text, true, List.of(words)));
  }

  /** The text, or its begin and end when it would take more than a share of the room. */
  private String bounded(String text, double share) {
    double most = share * room;
    int tokens = counter.text(text);
    return tokens <= most ? text : Middle.text(text, most / tokens, "too long for the window");
  }

  private void assistant(int index, int cut) {
    MessageText text = transcript.text(index);
    said(index, text);
    for (int c = 0; c < text.calls().size(); c++) {
      int at = index + 1 + c;
      boolean answered = at < cut && transcript.role(at) == Role.TOOL;
      call(index, ToolUse.of(text.calls().get(c)), answered ? transcript.text(at) : null);
    }
  }

  private void said(int index, MessageText text) {
    String content = text.content();
    boolean account = text.calls().isEmpty() && index <= transcript.task() + 1;
    if (account) {
      String quoted = String.join("\n", content.lines().map(l -> Quoted.code(l, 2000)).toList());
      String whole = "account of earlier work:\n" + bounded(quoted, ACCOUNT);
      drafts.add(new Draft(Entry.Kind.ACCOUNT, index, "", "", whole, true, List.of(content)));
      return;
    }
    int least = text.calls().isEmpty() ? ANSWER : REMARK;
    int most = Math.max(least, Math.min(REPORT, (int) (content.length() * GIST)));
    String gist = Said.gist(content, most);
    List<String> sources = new ArrayList<>();
    sources.add(content);
    for (CallText call : text.calls()) {
      ToolUse.of(call).fields().forEach(field -> sources.add(field.value()));
    }
    String line = gist.isEmpty() ? "" : "said: " + gist;
    drafts.add(new Draft(Entry.Kind.SAID, index, "", "", line, true, sources));
  }

  private void call(int index, ToolUse use, @Nullable MessageText result) {
    String command = use.command();
    if (command != null) {
      CommandText.lines(command).forEach(line -> uses.note(line, true, false, index));
    }
    drafts.add(calls.of(index, use, result));
    String path = use.path();
    if (path != null && use.changes()) {
      files.changed(path);
      hot.changed(path);
      excerpts.wrote(index, path, use.newTexts());
    } else if (result != null) {
      String shown = excerpts.read(index, use, result.content());
      if (shown != null) {
        files.read(shown);
        hot.read(shown);
      }
    }
  }

  private static Draft names(int index, MessageText text) {
    return new Draft(Entry.Kind.DID, index, "", "", "", false, List.of(text.content()));
  }
}
