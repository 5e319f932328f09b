package dev.plimsoll.stream;

import dev.plimsoll.calls.CallScanner;
import dev.plimsoll.calls.Toolbox;
import dev.plimsoll.calls.Written;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Slice;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets text through unless it could be a tool call, and keeps what could until it is known.
 *
 * <p>A piece that is let through whole is the very one that came, even when it had to wait.
 */
final class TextHold {
  private final CallScanner scanner;
  private final boolean holdAll;
  private final Consumer<StreamEvent.TextDelta> out;
  private final Deque<Piece> held = new ArrayDeque<>();
  private long length;
  private long passed;

  /** A piece that waits, with what is left of its text. */
  private record Piece(StreamEvent.TextDelta delta, String text) {}

  /** Holds what may be a call of these tools, or everything. */
  TextHold(Toolbox tools, boolean holdAll, Consumer<StreamEvent.TextDelta> out) {
    this.scanner = new CallScanner(tools);
    this.holdAll = holdAll;
    this.out = out;
  }

  /** Takes the next piece; it is valid only during the call. */
  void add(StreamEvent.TextDelta delta) {
    String text = delta.text().text();
    scanner.add(text);
    length += text.length();
    if (!holdAll && held.isEmpty() && scanner.held() == 0) {
      passed += text.length();
      out.accept(delta);
      return;
    }
    held.add(new Piece(copy(delta), text));
    if (!holdAll) {
      release(scanner.free());
    }
  }

  /** How many characters wait. */
  long length() {
    return length - passed;
  }

  /** What waits, now that nothing more comes; {@code stopped} as in {@link CallScanner#end}. */
  Written end(boolean stopped) {
    return scanner.end(stopped);
  }

  /** Lets everything through that waits. */
  void releaseAll() {
    while (!held.isEmpty()) {
      out.accept(held.remove().delta());
    }
  }

  private void release(long free) {
    while (!held.isEmpty() && passed < free) {
      Piece piece = held.remove();
      long left = free - passed;
      if (left >= piece.text().length()) {
        passed += piece.text().length();
        out.accept(piece.delta());
      } else {
        int cut = (int) left;
        passed = free;
        out.accept(part(piece.text().substring(0, cut), piece.delta().logprobs()));
        String rest = piece.text().substring(cut);
        held.addFirst(new Piece(part(rest, null), rest));
      }
    }
  }

  private static StreamEvent.TextDelta part(String text, @Nullable Slice logprobs) {
    return new StreamEvent.TextDelta(JsonString.of(text), logprobs, null);
  }

  private static StreamEvent.TextDelta copy(StreamEvent.TextDelta delta) {
    Slice chunk = delta.chunk();
    Slice logprobs = delta.logprobs();
    JsonString text = delta.text();
    if (chunk == null) {
      byte[] literal = new Slice(text.bytes(), text.start(), text.end()).copy().bytes();
      return new StreamEvent.TextDelta(
          new JsonString(literal, 0, literal.length),
          logprobs == null ? null : logprobs.copy(),
          null);
    }
    byte[] own = chunk.copy().bytes();
    int moved = chunk.start();
    return new StreamEvent.TextDelta(
        new JsonString(own, text.start() - moved, text.end() - moved),
        logprobs == null ? null : new Slice(own, logprobs.start() - moved, logprobs.end() - moved),
        new Slice(own, 0, own.length));
  }
}
