package dev.plimsoll.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The path of a file. */
record FilePath() implements ValueType<Path> {
  @Override
  public String accepted() {
    return "the path of a file (~/ = your home folder)";
  }

  @Override
  public Read<Path> read(String text) {
    if (text.isEmpty() || text.endsWith("/")) {
      return ValueType.refuse(text, "is a folder");
    }
    try {
      return new Read.Good<>(Path.of(text));
    } catch (InvalidPathException e) {
      return ValueType.refuse(text, "is not a path");
    }
  }

  @Override
  public String write(Path value) {
    return value.toString();
  }
}
