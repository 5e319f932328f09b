package dev.plimsoll.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.metrics.Exposition;
import io.vertx.ext.web.impl.ParsableMIMEValue;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsRouteTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | TEXT",
        "*/* | TEXT",
        "text/plain | TEXT",
        "text/html,*/*;q=0.1 | TEXT",
        "application/openmetrics-text | OPEN_METRICS",
        "application/openmetrics-text;q=0 | TEXT",
        "application/openmetrics-text;q=0.1,text/plain | TEXT",
        "text/plain;q=0.5,application/openmetrics-text;version=1.0.0;q=0.5 | OPEN_METRICS",
        // What Prometheus 2.42 sends.
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
            + " | OPEN_METRICS",
      })
  void acceptChoosesTheForm(String accept, Exposition form) {
    var ranges =
        Arrays.stream(accept.split(",", -1))
            .filter(range -> !range.isEmpty())
            .<io.vertx.ext.web.MIMEHeader>map(ParsableMIMEValue::new)
            .toList();

    assertThat(MetricsRoute.wanted(ranges)).isEqualTo(form);
  }
}
