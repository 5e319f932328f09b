package dev.plimsoll.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Flattens the tree of a YAML text into settings.
 *
 * <p>It works on snakeyaml's nodes, not on a bound object, since only they know where each key and
 * value stands. It goes down only into known sections, so that an anchor that contains itself ends
 * as one unknown key.
 */
final class YamlSettings {
  private final String file;
  private final List<Setting> settings = new ArrayList<>();
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final Map<String, Node> seen = new HashMap<>();

  YamlSettings(String file) {
    this.file = file;
  }

  Found of(String text) {
    @Nullable Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
    if (root != null) {
      section("", root);
    }
    return new Found(settings, problems);
  }

  private void section(String path, Node node) {
    if (node instanceof MappingNode group) {
      group.getValue().forEach(entry -> entry(path, entry));
    } else if (!isNull(node)) {
      // A section whose keys are all commented out is null, and means the defaults.
      String keys = String.join(", ", Keys.within(path));
      String names = path.equals(Context.MODELS) ? "names of models" : "these keys: " + keys;
      problem(node, path, "is not a group of keys", "accepted: a mapping with " + names);
    }
  }

  private void entry(String section, NodeTuple entry) {
    if (!(entry.getKeyNode() instanceof ScalarNode key)) {
      problem(entry.getKeyNode(), section, "has a key that is no text", "accepted: plain keys");
      return;
    }
    String path = section.isEmpty() ? key.getValue() : section + "." + key.getValue();
    Node first = seen.putIfAbsent(path, key);
    if (first != null) {
      problem(key, path, "stands here a second time", "first at " + source(first));
    } else if (Keys.isSection(section, path)) {
      section(path, entry.getValueNode());
    } else {
      value(path, key, entry.getValueNode());
    }
  }

  private void value(String path, ScalarNode key, Node value) {
    if (Keys.at(path).isEmpty()) {
      problems.add(ConfigProblem.unknownKey(new Setting(source(key), path, "")));
    } else if (value instanceof ScalarNode text) {
      settings.add(new Setting(source(text), path, isNull(text) ? "" : text.getValue()));
    } else if (value instanceof SequenceNode list && takesAList(path)) {
      list(path, list);
    } else {
      problem(value, path, "is a list or a mapping", "accepted: one value");
    }
  }

  private static boolean takesAList(String path) {
    return Keys.at(path).filter(key -> key.type() instanceof ListOf<?>).isPresent();
  }

  /** A list becomes the one text that the other sources write. */
  private void list(String path, SequenceNode list) {
    List<String> texts = new ArrayList<>();
    for (Node entry : list.getValue()) {
      if (entry instanceof ScalarNode text
          && !isNull(text)
          && text.getValue().indexOf(ListOf.SEPARATOR) < 0) {
        texts.add(text.getValue());
      } else {
        problem(
            entry, path, "has an entry that is no single value", "accepted: texts without commas");
        return;
      }
    }
    settings.add(
        new Setting(source(list), path, String.join(String.valueOf(ListOf.SEPARATOR), texts)));
  }

  private void problem(Node where, String path, String wrong, String hint) {
    problems.add(new ConfigProblem(source(where), path, wrong, hint));
  }

  private String source(Node node) {
    return file + YamlFile.at(node.getStartMark());
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }
}
