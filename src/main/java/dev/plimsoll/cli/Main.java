package dev.plimsoll.cli;

/** The main class: placeholder until serve lands. */
public final class Main {
  private Main() {}

  /** Starts the program. */
  public static void main(String[] args) {}
}
