import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the fake upstream says and what the load generator therefore expects: one endless, never
 * repeating text of made-up words, one word a chunk.
 *
 * <p>How a request wants to be answered travels inside its first message
 * ("plan:c100,i20,b1,p300;"), so it survives a proxy that rewrites the request into another
 * protocol.
 */
final class Script {
  static final String MODEL = "bench:latest";
  static final String DIGEST = "be".repeat(32);
  static final int WINDOW = 262_144;
  static final int MAX_CHUNKS = 8192;
  static final int MESSAGE_WORDS = 400;

  private static final String[] WORDS = words();
  private static final String TEXT = text();
  static final byte[] TEXT_BYTES = ascii(TEXT);

  /** Every word is one space and four letters. */
  static final int WORD_BYTES = 5;

  private Script() {}

  /**
   * How one answer is to be given.
   *
   * @param chunks how many words
   * @param intervalMs pause between two writes; 0 writes as fast as the socket takes
   * @param burst chunks in one write
   * @param promptTokens what the answer claims the prompt was
   */
  record Plan(int chunks, int intervalMs, int burst, int promptTokens) {
    private static final byte[] OPENER = ascii("plan:c");

    String marker() {
      return "plan:c%d,i%d,b%d,p%d;".formatted(chunks, intervalMs, burst, promptTokens);
    }

    /** The plan inside a request body; a request without one (a probe) gets a short answer. */
    static Plan find(byte[] body, int from, int to) {
      int at = indexOf(body, from, to, OPENER);
      if (at < 0) {
        return new Plan(5, 0, 1, 20);
      }
      int[] numbers = new int[4];
      int field = 0;
      for (int i = at + OPENER.length; i < to && body[i] != ';'; i++) {
        if (body[i] == ',') {
          field++;
          i++; // the letter behind the comma
        } else {
          numbers[field] = numbers[field] * 10 + body[i] - '0';
        }
      }
      return new Plan(
          Math.min(numbers[0], MAX_CHUNKS), numbers[1], Math.max(1, numbers[2]), numbers[3]);
    }
  }

  /** The whole answer to one plan as HTTP bytes: head and all chunks in one run of memory. */
  static final class Tape {
    private final ByteBuffer bytes;

    /** {@code ends[i]} is where the bytes of chunk i end; index 0 follows head and role chunk. */
    private final int[] ends = new int[MAX_CHUNKS];

    private final boolean sse;

    private Tape(boolean sse) {
      this.sse = sse;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      String type = sse ? "text/event-stream" : "application/x-ndjson";
      out.writeBytes(
          ascii(
              "HTTP/1.1 200 OK\r\nContent-Type: "
                  + type
                  + "\r\nTransfer-Encoding: chunked\r\n\r\n"));
      if (sse) {
        out.writeBytes(framed(event("{\"role\":\"assistant\",\"content\":null}", "null")));
      }
      for (int i = 0; i < MAX_CHUNKS; i++) {
        String word = word(i);
        out.writeBytes(
            framed(sse ? event("{\"content\":\"" + word + "\"}", "null") : line(word, "false")));
        ends[i] = out.size();
      }
      bytes = ByteBuffer.allocateDirect(out.size()).put(out.toByteArray());
    }

    static Tape openAi() {
      return new Tape(true);
    }

    static Tape ollama() {
      return new Tape(false);
    }

    ByteBuffer view() {
      return bytes.duplicate().clear().limit(0);
    }

    int end(int chunk) {
      return ends[chunk];
    }

    ByteBuffer tail(Plan plan) {
      String end =
          sse
              ? frame(event("{}", "\"stop\""))
                  + frame("data: {\"choices\":[]," + STAMP + ",\"usage\":" + usage(plan) + "}\n\n")
                  + frame("data: [DONE]\n\n")
              : frame(line("", "true,\"done_reason\":\"stop\"," + counts(plan)));
      return ByteBuffer.wrap(ascii(end + "0\r\n\r\n"));
    }

    private static byte[] framed(String data) {
      return ascii(frame(data));
    }

    private static String frame(String data) {
      return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }
  }

  private static final String STAMP =
      "\"created\":1795495246,\"id\":\"chatcmpl-etUP1pRR78CZbg1GlZI36kPR6ef6My1f\",\"model\":\""
          + MODEL
          + "\",\"system_fingerprint\":\"b10488-bench\",\"object\":\"chat.completion.chunk\"";

  private static String event(String delta, String finish) {
    return "data: {\"choices\":[{\"finish_reason\":"
        + finish
        + ",\"index\":0,\"delta\":"
        + delta
        + "}],"
        + STAMP
        + "}\n\n";
  }

  private static String line(String content, String done) {
    return "{\"model\":\""
        + MODEL
        + "\",\"created_at\":\"2026-11-24T04:37:25.738019327Z\",\"message\":{\"role\":\"assistant\","
        + "\"content\":\""
        + content
        + "\"},\"done\":"
        + done
        + "}\n";
  }

  private static String usage(Plan plan) {
    return "{\"completion_tokens\":%d,\"prompt_tokens\":%d,\"total_tokens\":%d}"
        .formatted(plan.chunks(), plan.promptTokens(), plan.chunks() + plan.promptTokens());
  }

  private static String counts(Plan plan) {
    return ("\"total_duration\":182242375,\"load_duration\":41295167,\"prompt_eval_count\":%d,"
            + "\"prompt_eval_duration\":24573166,\"eval_count\":%d,\"eval_duration\":115959084")
        .formatted(plan.promptTokens(), plan.chunks());
  }

  static String wholeOpenAi(Plan plan) {
    return "{\"choices\":[{\"finish_reason\":\"stop\",\"index\":0,\"message\":{\"role\":\"assistant\","
               + "\"content\":\""
        + text(plan.chunks())
        + "\"}}],"
        + STAMP.replace(".chunk", "")
        + ",\"usage\":"
        + usage(plan)
        + "}";
  }

  static String wholeOllama(Plan plan) {
    return line(text(plan.chunks()), "true,\"done_reason\":\"stop\"," + counts(plan)).strip();
  }

  static String text(int chunks) {
    return TEXT.substring(0, chunks * WORD_BYTES);
  }

  static String word(int index) {
    return TEXT.substring(index * WORD_BYTES, (index + 1) * WORD_BYTES);
  }

  /** A request body around one changing number, so that no two requests end alike. */
  record Body(byte[] before, byte[] after) {
    static final int SERIAL_BYTES = 8;

    int length() {
      return before.length + SERIAL_BYTES + after.length;
    }

    /** A coding agent's request of about {@code size} bytes, with tools, as turns of a session. */
    static Body of(int size, boolean stream, int chunks, int intervalMs, int burst) {
      StringBuilder history = new StringBuilder();
      int words = 40;
      int messages = 2;
      int room = Math.max(0, size - 1000);
      for (int turn = 0; room > 200; turn++, messages++) {
        int count = Math.min(MESSAGE_WORDS, room / WORD_BYTES - 10);
        int first = (turn * 97) % (MAX_CHUNKS - MESSAGE_WORDS);
        history
            .append("{\"role\":\"")
            .append(turn % 2 == 0 ? "user" : "assistant")
            .append("\",\"content\":\"")
            .append(TEXT, first * WORD_BYTES, (first + count) * WORD_BYTES)
            .append("\"},");
        words += count;
        room -= count * WORD_BYTES + 40;
      }
      if (messages % 2 == 1) {
        history.append("{\"role\":\"assistant\",\"content\":\" rolo\"},");
        messages++;
      }
      Plan plan = new Plan(chunks, intervalMs, burst, words + 6 * messages + 250);
      String head =
          "{\"model\":\""
              + MODEL
              + "\",\"stream\":"
              + stream
              + (stream ? ",\"stream_options\":{\"include_usage\":true}" : "")
              + ",\"messages\":[{\"role\":\"system\",\"content\":\""
              + plan.marker()
              + text(30)
              + "\"},"
              + history
              + "{\"role\":\"user\",\"content\":\" turn ";
      return new Body(ascii(head), ascii("\"}],\"tools\":[" + tools() + "]}"));
    }

    private static String tools() {
      List<String> tools = new ArrayList<>();
      for (String name : List.of("read_file", "run_command")) {
        tools.add(
            "{\"type\":\"function\",\"function\":{\"name\":\""
                + name
                + "\",\"description\":\""
                + text(12).strip()
                + "\",\"parameters\":{\"type\":\"object\",\"properties\":{\"target\":{\"type\":"
                + "\"string\",\"description\":\"what to use\"}},\"required\":[\"target\"]}}}");
      }
      return String.join(",", tools);
    }
  }

  /**
   * A byte-level BPE vocabulary in which every word of the text, with its space, is one token: a
   * proxy that counts tokens with the model's own vocabulary does real work on it.
   */
  static String vocabulary() {
    Set<String> tokens = new LinkedHashSet<>();
    Set<String> merges = new LinkedHashSet<>();
    for (int b = 0; b < 256; b++) {
      tokens.add(String.valueOf(byteLetter(b)));
    }
    for (String word : WORDS) {
      String left = String.valueOf(byteLetter(' '));
      for (int i = 1; i < word.length(); i++) {
        merges.add(left + " " + word.charAt(i));
        left += word.charAt(i);
        tokens.add(left);
      }
    }
    List<String> all = new ArrayList<>(tokens);
    StringBuilder types = new StringBuilder("1,".repeat(all.size()));
    all.addAll(List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>"));
    types.append("3,3,3");
    int end = all.size() - 1;
    return "\"tokenizer.ggml.model\":\"gpt2\",\"tokenizer.ggml.pre\":\"qwen2\","
        + "\"tokenizer.ggml.add_bos_token\":false,\"tokenizer.ggml.eos_token_id\":"
        + end
        + ",\"tokenizer.ggml.tokens\":"
        + strings(all)
        + ",\"tokenizer.ggml.token_type\":["
        + types
        + "],\"tokenizer.ggml.merges\":"
        + strings(merges);
  }

  private static String strings(Iterable<String> values) {
    List<String> quoted = new ArrayList<>();
    for (String value : values) {
      quoted.add(Json.quote(value));
    }
    return "[" + String.join(",", quoted) + "]";
  }

  /** GPT-2's printable stand-in for a byte. */
  private static char byteLetter(int b) {
    boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
    if (printable) {
      return (char) b;
    }
    int rank = 0;
    for (int i = 0; i < b; i++) {
      if (!(i >= '!' && i <= '~' || i >= 0xA1 && i <= 0xAC || i >= 0xAE)) {
        rank++;
      }
    }
    return (char) (256 + rank);
  }

  private static String[] words() {
    String[] words = new String[512];
    List<String> syllables = new ArrayList<>();
    for (char consonant : "bdfgklmnprst".toCharArray()) {
      for (char vowel : "aeiou".toCharArray()) {
        syllables.add("" + consonant + vowel);
      }
    }
    for (int i = 0; i < words.length; i++) {
      words[i] = " " + syllables.get(i % 60) + syllables.get(i / 60 * 5 + i % 5);
    }
    return words;
  }

  private static String text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < MAX_CHUNKS; i++) {
      long mixed = (i + 1) * 0x9E3779B97F4A7C15L;
      mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
      mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
      text.append(WORDS[(int) ((mixed ^ (mixed >>> 31)) & 511)]);
    }
    return text.toString();
  }

  static int indexOf(byte[] in, int from, int to, byte[] what) {
    byte first = what[0];
    int last = to - what.length;
    for (int i = from; i <= last; i++) {
      if (in[i] == first) {
        int k = 1;
        while (k < what.length && in[i + k] == what[k]) {
          k++;
        }
        if (k == what.length) {
          return i;
        }
      }
    }
    return -1;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
