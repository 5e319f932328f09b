package dev.plimsoll.upstream;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.recover.Room;

/** A request in its server's form, or why it has none. */
public sealed interface Encoded {
  /**
   * Ready to be sent, as often as needed.
   *
   * @param route the path behind the server's root
   * @param body the JSON; not copied
   * @param room what room it leaves for an answer
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Ready(String route, byte[] body, Room room) implements Encoded {}

  /** The request asks for what this server cannot be told. */
  record Refused(ApiError error) implements Encoded {}
}
