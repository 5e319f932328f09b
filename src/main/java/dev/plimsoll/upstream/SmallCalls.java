package dev.plimsoll.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plimsoll.config.Upstream;
import dev.plimsoll.stream.UpstreamErrors;
import dev.plimsoll.stream.UpstreamFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the model server the small questions: its version, its models, what is loaded.
 *
 * <p>Blocks the calling virtual thread, never longer than {@link #LIMIT}.
 */
final class SmallCalls {
  /** These answers come from memory; a server that takes longer is not well. */
  static final Duration LIMIT = Duration.ofSeconds(5);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final WebClient client;
  private final UpstreamAddress address;
  private final Upstream config;
  private final UpstreamWatch watch;

  /** What came back. */
  sealed interface Reply {
    /** A JSON document with status 200. */
    record Ok(JsonNode json) implements Reply {}

    /** Another status, with the server's own words. */
    record Refused(int status, String message) implements Reply {}

    /** Nothing. */
    record Failed(UpstreamFailure failure) implements Reply {}
  }

  SmallCalls(WebClient client, Upstream config, UpstreamWatch watch) {
    this.client = client;
    this.config = config;
    this.watch = watch;
    this.address = UpstreamAddress.of(config.url());
  }

  static WebClient client(Vertx vertx) {
    WebClientOptions options =
        new WebClientOptions().setFollowRedirects(false).setUserAgentEnabled(false);
    return WebClient.wrap(
        vertx
            .httpClientBuilder()
            .with(options)
            // The call that uses it fails; left alone, Vert.x logs an error for it as well.
            .withConnectHandler(connection -> connection.exceptionHandler(_ -> {}))
            .build(),
        options);
  }

  Reply get(String path) throws InterruptedException {
    return await(request(HttpMethod.GET, path).send());
  }

  Reply post(String path, String json) throws InterruptedException {
    HttpRequest<Buffer> request = request(HttpMethod.POST, path);
    return await(
        request.putHeader("content-type", "application/json").sendBuffer(Buffer.buffer(json)));
  }

  private HttpRequest<Buffer> request(HttpMethod method, String path) {
    HttpRequest<Buffer> request =
        client
            .request(method, address.port(), address.host(), address.path(path))
            .ssl(address.tls())
            .connectTimeout(config.connectTimeout().toMillis())
            .timeout(LIMIT.toMillis());
    config.apiKey().ifPresent(request::bearerTokenAuthentication);
    return request;
  }

  private Reply await(Future<HttpResponse<Buffer>> future) throws InterruptedException {
    try {
      HttpResponse<Buffer> response =
          future
              .toCompletionStage()
              .toCompletableFuture()
              .get(2 * LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      watch.contact(response.statusCode() < 500);
      return read(response);
    } catch (ExecutionException e) {
      watch.contact(false);
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return new Reply.Failed(ConnectFailures.of(cause, config.connectTimeout()));
    } catch (TimeoutException e) {
      watch.contact(false);
      return new Reply.Failed(
          new UpstreamFailure.TimedOut(UpstreamFailure.Phase.FIRST_BYTE, LIMIT));
    }
  }

  private static Reply read(HttpResponse<Buffer> response) {
    Buffer body = response.body();
    byte[] bytes = body == null ? new byte[0] : body.getBytes();
    if (response.statusCode() != 200) {
      return new Reply.Refused(response.statusCode(), UpstreamErrors.message(bytes));
    }
    try {
      JsonNode json = JSON.readTree(bytes);
      return json == null ? new Reply.Refused(200, "an empty answer") : new Reply.Ok(json);
    } catch (IOException e) {
      return new Reply.Refused(200, "no JSON");
    }
  }
}
