package dev.plimsoll.compact;

import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Span;
import dev.plimsoll.tokens.CallText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Shortens the long texts inside a call's arguments; all else in them is copied as it stands. */
final class Arguments {
  /** Texts below this stay whole: a path, a pattern, a short command. */
  private static final int SHORT = 400;

  private static final String HINT = "what is on disk is authoritative";

  private Arguments() {}

  /** The call with a share of its long texts; the same one when its arguments are no JSON. */
  static CallText shortened(CallText call, double share) {
    byte[] bytes = call.arguments().getBytes(StandardCharsets.UTF_8);
    JsonOut out = new JsonOut(bytes.length);
    int copied = 0;
    try (JsonCursor cursor = new JsonCursor(bytes)) {
      List<Span> texts = new ArrayList<>();
      collect(cursor, texts);
      for (Span span : texts) {
        String text = JsonString.at(bytes, span).text();
        if (text.length() > SHORT) {
          out.raw(bytes, copied, span.start());
          out.string(Middle.text(text, share, HINT));
          copied = span.end();
        }
      }
    } catch (JsonFault e) {
      return call;
    }
    out.raw(bytes, copied, bytes.length);
    return new CallText(call.name(), new String(out.toBytes(), StandardCharsets.UTF_8));
  }

  private static void collect(JsonCursor cursor, List<Span> texts) throws JsonFault {
    switch (cursor.kind()) {
      case OBJECT -> {
        cursor.enterObject();
        while (cursor.nextMember()) {
          collect(cursor, texts);
        }
      }
      case ARRAY -> {
        cursor.enterArray();
        while (cursor.nextElement()) {
          collect(cursor, texts);
          cursor.endElement();
        }
      }
      case STRING -> texts.add(cursor.skip());
      case NUMBER, BOOLEAN, NULL -> cursor.skip();
    }
  }
}
