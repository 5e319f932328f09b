package dev.plimsoll.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** Reads the file of the configuration: from a path to settings with line and column. */
final class YamlFile {
  private YamlFile() {}

  static Found read(Path file) {
    if (!Files.exists(file)) {
      return unreadable(file, "there is no such file");
    }
    if (Files.isDirectory(file)) {
      return unreadable(file, "this is a folder");
    }
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (CharacterCodingException e) {
      return unreadable(file, "this is not UTF-8 text");
    } catch (IOException e) {
      return unreadable(file, "this file cannot be read");
    }
  }

  static Found parse(String name, String text) {
    try {
      return new YamlSettings(name).of(text);
    } catch (MarkedYAMLException e) {
      return invalid(name + at(e.getProblemMark()), sentence(e));
    } catch (ReaderException e) {
      return invalid(name + at(text, e.getPosition()), "this character is not allowed");
    } catch (YAMLException e) {
      // Complaints about sizes; only their first line says something.
      return invalid(name, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  /** Counted from one, as editors do. */
  static String at(Mark mark) {
    return ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
  }

  private static String at(String text, int position) {
    String before = text.substring(0, Math.min(position, text.length()));
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    return ":" + line + ":" + (before.length() - before.lastIndexOf('\n'));
  }

  private static String sentence(MarkedYAMLException e) {
    String context = e.getContext();
    return e.getProblem() + (context == null ? "" : " " + context);
  }

  private static Found invalid(String source, String why) {
    String accepted = "accepted: a YAML mapping such as config/plimsoll.yaml";
    return Found.nothingBut(new ConfigProblem(source, "", "not valid YAML: " + why, accepted));
  }

  private static Found unreadable(Path file, String why) {
    return Found.nothingBut(
        new ConfigProblem(file.toString(), "", why, "accepted: a readable YAML file"));
  }
}
