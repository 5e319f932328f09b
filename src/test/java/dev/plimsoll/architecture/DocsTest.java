package dev.plimsoll.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Holds the documentation to what is really there. */
class DocsTest {
  private static final Path README = Path.of("README.md");
  private static final Path ARCHITECTURE = Path.of("docs/architecture.md");
  private static final Path PACKAGES = Path.of("src/main/java/dev/plimsoll");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z][a-z0-9+.-]*:.*");

  /** A source as the prose names it, such as {@code turn/Turn.java} or {@code upstream/Loop}. */
  private static final Pattern SOURCE = Pattern.compile("`([a-z]+/[A-Z][A-Za-z]+)(?:\\.java)?`");

  /** A test as the prose names it, such as {@code FramingIT}. */
  private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]+(?:Test|IT))`");

  @Test
  void everyRelativeLinkLeadsToAFile() throws IOException {
    List<String> dead = new ArrayList<>();
    int links = 0;
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        String target = link.group(1).replaceFirst("#.*", "");
        if (target.isEmpty() || ELSEWHERE.matcher(target).matches()) {
          continue;
        }
        links++;
        if (!Files.exists(page.resolveSibling(target))) {
          dead.add(page + " -> " + target);
        }
      }
    }
    assertThat(links).isPositive();
    assertThat(dead).isEmpty();
  }

  @Test
  void everyPackageIsInTheArchitecture() throws Exception {
    Set<String> packages = new TreeSet<>();
    try (Stream<Path> folders = Files.list(PACKAGES)) {
      folders
          .filter(Files::isDirectory)
          .forEach(folder -> packages.add(folder.getFileName().toString()));
    }
    assertThat(packages).contains("turn");
    String page = Files.readString(ARCHITECTURE);
    assertThat(packages).allSatisfy(name -> assertThat(page).contains("\n| `" + name + "` |"));
  }

  @Test
  void everyDependencyIsInTheArchitecture() throws Exception {
    Set<String> artifacts = artifacts("dependency");
    artifacts.addAll(artifacts("path")); // what runs inside the compiler
    assertThat(artifacts).contains("vertx-core", "junit-jupiter", "nullaway");
    String page = Files.readString(ARCHITECTURE);
    assertThat(artifacts).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
  }

  @Test
  void everySourceThatTheArchitectureNamesIsThere() throws IOException {
    List<String> missing = new ArrayList<>();
    Matcher source = SOURCE.matcher(Files.readString(ARCHITECTURE));
    int named = 0;
    while (source.find()) {
      named++;
      String file = source.group(1) + ".java";
      if (!Files.exists(PACKAGES.resolve(file))
          && !Files.exists(Path.of("src/test/java/dev/plimsoll").resolve(file))) {
        missing.add(file);
      }
    }
    assertThat(named).isPositive();
    assertThat(missing).isEmpty();
  }

  @Test
  void everyTestThatAPageNamesIsThere() throws IOException {
    Set<String> tests = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      files.forEach(file -> tests.add(file.getFileName().toString().replace(".java", "")));
    }
    Set<String> named = new TreeSet<>();
    for (Path page : pages()) {
      Matcher test = TEST.matcher(Files.readString(page));
      while (test.find()) {
        named.add(test.group(1));
      }
    }
    assertThat(named).contains("FramingIT");
    assertThat(tests).containsAll(named);
  }

  @Test
  void theReadmeGivesBothCommands() throws IOException {
    assertThat(Files.readAllLines(README)).contains("./plimsoll", "mvn verify");
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (Path folder : List.of(Path.of(""), Path.of("docs"), Path.of("bench"))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
      }
    }
    assertThat(pages).contains(README, ARCHITECTURE);
    return pages;
  }

  private static Set<String> artifacts(String element) throws Exception {
    Document pom =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(Path.of("pom.xml").toFile());
    Set<String> names = new TreeSet<>();
    NodeList found = pom.getElementsByTagName(element);
    for (int i = 0; i < found.getLength(); i++) {
      NodeList artifact = ((Element) found.item(i)).getElementsByTagName("artifactId");
      if (artifact.getLength() > 0) {
        names.add(artifact.item(0).getTextContent().strip());
      }
    }
    return names;
  }
}
