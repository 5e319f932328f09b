package dev.plimsoll.stream;

/** Takes the events of one upstream answer, in order; an event is valid only during the call. */
@FunctionalInterface
public interface EventSink {
  /** The next event. */
  void event(StreamEvent event);
}
