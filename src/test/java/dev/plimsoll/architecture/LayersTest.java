package dev.plimsoll.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The order of the packages and the laws that every class keeps. */
class LayersTest {
  /** Low to high; packages of one layer do not use each other. Not all need to exist yet. */
  private static final List<List<String>> LAYERS =
      List.of(
          List.of("json", "sse", "config"),
          List.of("chat"),
          List.of("tokens", "stream"),
          List.of("session", "compact", "recover"),
          List.of("upstream", "ledger"),
          List.of("metrics"),
          List.of("turn"),
          List.of("guard"),
          List.of("http", "admin"),
          List.of("cli"));

  private static final String[] PURE = {
    "dev.plimsoll.json..",
    "dev.plimsoll.sse..",
    "dev.plimsoll.config..",
    "dev.plimsoll.chat..",
    "dev.plimsoll.tokens..",
    "dev.plimsoll.stream..",
    "dev.plimsoll.session..",
    "dev.plimsoll.recover.."
  };

  private static final String CLOCK = "dev.plimsoll.turn.Clock";

  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.plimsoll");

  @Test
  void classesWereFound() {
    assertThat(PROGRAM.size()).isGreaterThan(30);
    assertThat(packages()).contains("json", "sse", "chat", "stream", "cli");
  }

  @Test
  void everyPackageHasItsLayer() {
    List<String> known = LAYERS.stream().flatMap(List::stream).toList();

    assertThat(known).containsAll(packages());
  }

  @Test
  void packagesUseLowerLayersOnly() {
    LayeredArchitecture architecture =
        layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
    for (String name : LAYERS.stream().flatMap(List::stream).toList()) {
      architecture = architecture.layer(name).definedBy("dev.plimsoll." + name + "..");
    }
    List<String> lower = new ArrayList<>();
    for (List<String> layer : LAYERS) {
      for (String name : layer) {
        architecture =
            lower.isEmpty()
                ? architecture.whereLayer(name).mayNotAccessAnyLayer()
                : architecture.whereLayer(name).mayOnlyAccessLayers(lower.toArray(String[]::new));
      }
      lower.addAll(layer);
    }

    architecture.check(PROGRAM);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.plimsoll.(*)..").should().beFreeOfCycles().check(PROGRAM);
  }

  @Test
  void heartIsFreeOfInputAndOutput() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "io.netty..")
        .because("the heart is pure")
        .check(PROGRAM);
  }

  @Test
  void metersAreMadeInOnePackage() {
    noClasses()
        .that(not(resideInAPackage("dev.plimsoll.metrics..")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.prometheus..")
        .because("labels are closed sets only where nobody else can make meters")
        .check(PROGRAM);
  }

  @Test
  void everyPackageIsNullMarked() {
    List<String> unmarked =
        PROGRAM.stream()
            .map(JavaClass::getPackage)
            .distinct()
            .filter(found -> !found.isAnnotatedWith(NullMarked.class))
            .map(found -> found.getName())
            .toList();

    assertThat(unmarked).isEmpty();
  }

  @Test
  void timeComesFromOutside() {
    noClasses()
        .that(not(resideInAPackage("dev.plimsoll.cli..")))
        .and()
        .doNotHaveFullyQualifiedName(CLOCK)
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .because("time is injected, through " + CLOCK)
        .check(PROGRAM);
  }

  @Test
  void nobodySleepsOrPrints() {
    noClasses()
        .that(not(resideInAPackage("dev.plimsoll.cli..")))
        .and()
        .doNotHaveFullyQualifiedName(CLOCK)
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", long.class, int.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .because("waits have limits and output goes to the log")
        .check(PROGRAM);
  }

  @Test
  void typesAreNamedByWhatTheyAre() {
    classes()
        .should()
        .haveSimpleNameNotEndingWith("Manager")
        .andShould()
        .haveSimpleNameNotEndingWith("Helper")
        .andShould()
        .haveSimpleNameNotEndingWith("Util")
        .andShould()
        .haveSimpleNameNotEndingWith("Utils")
        .andShould()
        .haveSimpleNameNotEndingWith("Impl")
        .andShould()
        .haveSimpleNameNotEndingWith("Service")
        .check(PROGRAM);
  }

  private static Set<String> packages() {
    Set<String> names = new TreeSet<>();
    for (JavaClass found : PROGRAM) {
      names.add(found.getPackageName().split("\\.", -1)[2]);
    }
    return names;
  }
}
