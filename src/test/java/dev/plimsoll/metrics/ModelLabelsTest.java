package dev.plimsoll.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ModelLabelsTest {
  private final ModelLabels labels = new ModelLabels();

  @Test
  void nameThatIsListedIsItsLabel() {
    assertThat(labels.of("qwen3-coder:30b").value()).isEqualTo("qwen3-coder:30b");
    assertThat(labels.of("qwen3-coder:30b")).isSameAs(labels.of("qwen3-coder:30b"));
  }

  @Test
  void namelessModelIsOther() {
    assertThat(labels.of("")).isEqualTo(ModelLabel.OTHER);
  }

  @Test
  void longListHasLabelsForTheFirstThatAreAskedFor() {
    for (int i = 0; i < ModelLabels.MAX_MODELS; i++) {
      assertThat(labels.of("m" + i)).isNotEqualTo(ModelLabel.OTHER);
    }
    for (int i = 0; i < 10_000; i++) {
      assertThat(labels.of("more" + i)).isEqualTo(ModelLabel.OTHER);
    }
    assertThat(labels.of("m0").value()).isEqualTo("m0");
  }

  @Test
  void longNamesAreCutAndStillDiffer() {
    String same = "hf.co/somebody/" + "x".repeat(80);

    String one = labels.of(same + "one").value();
    String two = labels.of(same + "two").value();

    assertThat(one).hasSize(ModelLabels.MAX_LENGTH).startsWith("hf.co/somebody/xx");
    assertThat(two).hasSize(ModelLabels.MAX_LENGTH).isNotEqualTo(one);
  }
}
