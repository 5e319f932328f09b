package dev.plimsoll.cli;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;

/** Gives request ids: {@code req_} and 96 random bits in hex. */
final class RequestIds implements Supplier<String> {
  private static final int BYTES = 12;
  private final SecureRandom random = new SecureRandom();

  @Override
  public String get() {
    byte[] bits = new byte[BYTES];
    random.nextBytes(bits);
    return "req_" + HexFormat.of().formatHex(bits);
  }
}
