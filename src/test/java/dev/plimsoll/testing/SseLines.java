package dev.plimsoll.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes server-sent events with a chosen line end. */
record SseLines(Framing.LineEnd end) {
  String event(String data) {
    return "data: " + data + end.text() + end.text();
  }

  String done() {
    return event("[DONE]");
  }

  Body go(ObjectNode node) {
    return Body.of(event(JsonText.go(node)));
  }
}
