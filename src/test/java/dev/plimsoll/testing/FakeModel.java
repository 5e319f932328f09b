package dev.plimsoll.testing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A model that a {@link FakeOllama} lists.
 *
 * @param parameters the text of /api/show, one {@code num_ctx 32768} a line
 * @param verboseInfo JSON object whose fields {@code verbose:true} adds to model_info
 */
public record FakeModel(
    String name,
    String digest,
    String family,
    int trainedContext,
    List<String> capabilities,
    String parameters,
    String template,
    String modelfile,
    String verboseInfo) {
  private static final String DATE = "2026-11-24T04:02:06.569314589Z";

  public FakeModel {
    capabilities = List.copyOf(capabilities);
  }

  /** A model with tools and thinking, and no parameters of its own. */
  public static FakeModel named(String name) {
    return new FakeModel(
        name,
        "%064x".formatted(Math.abs((long) name.hashCode())),
        "qwen3",
        262_144,
        List.of("completion", "tools", "thinking"),
        "",
        "{{ .Prompt }}",
        "",
        "{}");
  }

  public FakeModel digest(String value) {
    return new FakeModel(
        name,
        value,
        family,
        trainedContext,
        capabilities,
        parameters,
        template,
        modelfile,
        verboseInfo);
  }

  public FakeModel family(String value) {
    return new FakeModel(
        name,
        digest,
        value,
        trainedContext,
        capabilities,
        parameters,
        template,
        modelfile,
        verboseInfo);
  }

  public FakeModel trainedContext(int value) {
    return new FakeModel(
        name, digest, family, value, capabilities, parameters, template, modelfile, verboseInfo);
  }

  public FakeModel capabilities(String... values) {
    return new FakeModel(
        name,
        digest,
        family,
        trainedContext,
        List.of(values),
        parameters,
        template,
        modelfile,
        verboseInfo);
  }

  /** A Modelfile parameter, as {@code numCtx(32768)} would write it. */
  public FakeModel numCtx(int value) {
    return parameters("%-30s %d".formatted("num_ctx", value));
  }

  public FakeModel parameters(String value) {
    return new FakeModel(
        name,
        digest,
        family,
        trainedContext,
        capabilities,
        value,
        template,
        modelfile,
        verboseInfo);
  }

  public FakeModel template(String value) {
    return new FakeModel(
        name,
        digest,
        family,
        trainedContext,
        capabilities,
        parameters,
        value,
        modelfile,
        verboseInfo);
  }

  public FakeModel modelfile(String value) {
    return new FakeModel(
        name,
        digest,
        family,
        trainedContext,
        capabilities,
        parameters,
        template,
        value,
        verboseInfo);
  }

  public FakeModel verboseInfo(String json) {
    return new FakeModel(
        name, digest, family, trainedContext, capabilities, parameters, template, modelfile, json);
  }

  /** The file that the Modelfile is built from. */
  Optional<String> weights() {
    return modelfile.lines().filter(line -> line.startsWith("FROM ")).findFirst();
  }

  /** The window that the Modelfile asks for. */
  OptionalInt ownNumCtx() {
    return parameters
        .lines()
        .filter(line -> line.startsWith("num_ctx "))
        .mapToInt(line -> Integer.parseInt(line.substring("num_ctx ".length()).strip()))
        .findFirst();
  }

  ObjectNode tag(Dialect dialect) {
    ObjectNode node = JsonText.object().put("name", name).put("model", name);
    node.put("modified_at", DATE).put("size", 98_363_064).put("digest", digest);
    ObjectNode details = details();
    if (dialect == Dialect.OLLAMA_033) {
      details.put("context_length", trainedContext).put("embedding_length", 576);
    }
    node.set("details", details);
    if (dialect == Dialect.OLLAMA_033) {
      node.set("capabilities", capabilityList());
    }
    return node;
  }

  ObjectNode running(int contextLength, String expires) {
    ObjectNode node = JsonText.object().put("name", name).put("model", name);
    node.put("size", 209_505_483).put("digest", digest).set("details", details());
    return node.put("expires_at", expires).put("size_vram", 0).put("context_length", contextLength);
  }

  ObjectNode show(boolean verbose) {
    ObjectNode node = JsonText.object().put("modelfile", modelfile);
    if (!parameters.isEmpty()) {
      node.put("parameters", parameters);
    }
    node.put("template", template).set("details", details());
    ObjectNode info = node.putObject("model_info").put("general.architecture", family);
    info.put(family + ".context_length", trainedContext).put(family + ".embedding_length", 576);
    info.put("tokenizer.ggml.model", "gpt2").putNull("tokenizer.ggml.tokens");
    if (verbose) {
      info.setAll((ObjectNode) JsonText.parse(verboseInfo));
    }
    node.putArray("tensors");
    node.set("capabilities", capabilityList());
    return node.put("modified_at", DATE);
  }

  private ObjectNode details() {
    ObjectNode details = JsonText.object().put("parent_model", "").put("format", "gguf");
    details.put("family", family).putArray("families").add(family);
    return details.put("parameter_size", "134.52M").put("quantization_level", "Q4_1");
  }

  private ArrayNode capabilityList() {
    ArrayNode array = JsonText.array();
    capabilities.forEach(array::add);
    return array;
  }
}
