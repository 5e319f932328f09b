package dev.plimsoll.tokens;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The splitting rules by the names that GGUF files give them ({@code tokenizer.ggml.pre}).
 *
 * <p>The expressions are the originals of the models' tokeniser files, where llama.cpp
 * (llama-vocab.cpp, llm_tokenizer_bpe) has variants for the regex engine that it uses. Left out, so
 * that they count as unknown: {@code kimi-k2}, {@code afmoe}, {@code tiny_aya}, {@code cohere2moe},
 * {@code superbpe} and {@code exaone-moe}, whose rules need more than an expression that is safe on
 * long text.
 */
final class Splitters {
  private static final String CONTRACTION =
      "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
  private static final String TAIL =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String WORDS = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
  private static final String GPT2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)";
  private static final String LLAMA3 = CONTRACTION + "|" + WORDS + "|\\p{N}{1,3}" + TAIL;
  private static final String QWEN2 = CONTRACTION + "|" + WORDS + "|\\p{N}" + TAIL;
  private static final String CJK = "[\\u4E00-\\u9FA5\\u3040-\\u309F\\u30A0-\\u30FF]+";
  private static final String CJK_WIDE = "[\\u4E00-\\u9FA5\\u0800-\\u4E00\\uAC00-\\uD7FF]+";
  private static final String ASCII_MARK_AND_WORD =
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+";
  private static final String DEEPSEEK3 =
      ASCII_MARK_AND_WORD
          + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
          + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String SPARK =
      ASCII_MARK_AND_WORD
          + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
          + "| ?[\\p{P}\\p{S}]+|[\\r\\n]|\\s+(?!\\S)|\\s+";
  private static final String BLOOM =
      " ?[^(\\s|.,!?\\u2026\\u3002\\uFF0C\\u3001\\u0964\\u06D4\\u060C)]+";
  private static final String LINES = "[^\\n]+|[\\n]+";

  /** The letters that DeepSeek's first models know, in escapes: some fold when normalised. */
  private static final String DEEPSEEK_LETTERS =
      "\\s?[A-Za-z\\u00B5\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u01BA\\u01BC-\\u01BF\\u01C4-\\u0293"
          + "\\u0295-\\u02AF\\u0370-\\u0373\\u0376\\u0377\\u037B-\\u037D\\u037F\\u0386\\u0388-\\u038A"
          + "\\u038C\\u038E-\\u03A1\\u03A3-\\u03F5\\u03F7-\\u0481\\u048A-\\u052F\\u0531-\\u0556"
          + "\\u10A0-\\u10C5\\u13A0-\\u13F5\\u13F8-\\u13FD\\u1C90-\\u1CBA\\u1CBD-\\u1CBF\\u1D00-\\u1D2B"
          + "\\u1D6B-\\u1D77\\u1D79-\\u1D9A\\u1E00-\\u1F15\\u1F18-\\u1F1D\\u1F20-\\u1F45\\u1F48-\\u1F4D"
          + "\\u1F50-\\u1F57\\u1F59\\u1F5B\\u1F5D\\u1F5F-\\u1F7D\\u1F80-\\u1FB4\\u1FB6-\\u1FBC\\u1FBE"
          + "\\u1FC2-\\u1FC4\\u1FC6-\\u1FCC\\u1FD0-\\u1FD3\\u1FD6-\\u1FDB\\u1FE0-\\u1FEC\\u1FF2-\\u1FF4"
          + "\\u1FF6-\\u1FFC\\u2102\\u2107\\u210A-\\u2113\\u2115\\u2119-\\u211D\\u2124\\u2126\\u2128"
          + "\\u212A-\\u212D\\u212F-\\u2134\\u2139\\u213C-\\u213F\\u2145-\\u2149\\u214E\\u2183\\u2184"
          + "\\u2C00-\\u2C7B\\u2C7E-\\u2CE4\\u2CEB-\\u2CEE\\u2CF2\\u2CF3\\uA640-\\uA66D\\uA680-\\uA69B"
          + "\\uA722-\\uA76F\\uA771-\\uA787\\uA78B-\\uA78E\\uAB70-\\uABBF\\uFB00-\\uFB06\\uFB13-\\uFB17"
          + "\\uFF21-\\uFF3A\\uFF41-\\uFF5A\\x{10400}-\\x{1044F}\\x{104B0}-\\x{104D3}"
          + "\\x{104D8}-\\x{104FB}\\x{10C80}-\\x{10CB2}\\x{10CC0}-\\x{10CF2}\\x{118A0}-\\x{118DF}"
          + "\\x{1E900}-\\x{1E943}]+";

  private static final Map<String, List<String>> BY_NAME = new HashMap<>();

  /** Rules by which a piece that is a token as a whole is that token, whatever the merges say. */
  private static final Set<String> WHOLE_FIRST =
      Set.of(
          "llama3",
          "llama-v3",
          "llama-bpe",
          "falcon3",
          "falcon-h1",
          "pixtral",
          "midm-2.0",
          "lfm2",
          "tekken",
          "youtu",
          "minicpm5",
          "jina-v5-nano",
          "granite-embed-multi-97m");

  static {
    rules(
        "gpt-2 phi-2 mpt olmo jais trillion granite-docling gigachat exaone4 a.x-4.0 mellum"
            + " modern-bert roberta-bpe jina-es jina-de jina-v2-es jina-v2-de jina-v1-en"
            + " jina-v2-code",
        GPT2);
    rules("starcoder refact command-r smollm codeshell exaone minerva-7b mellum2", "\\p{N}", GPT2);
    rules(
        "llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 glm4 chatglm-bpe dbrx"
            + " smaug-bpe jina-v5-nano",
        LLAMA3);
    rules("qwen2 deepseek-r1-qwen stablelm2 hunyuan solar-open grok-2 megrez kormo f2llmv2", QWEN2);
    rules(
        "qwen35",
        CONTRACTION
            + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
    rules("laguna", LINES, QWEN2);
    rules("minicpm5", "\\p{N}{1,3}", CONTRACTION + "|" + WORDS + "|\\p{N}+" + TAIL);
    rules("ufakzeka", WORDS + "|\\p{N}" + TAIL);
    rules(
        "seed-coder",
        CONTRACTION
            + "|"
            + WORDS
            + "|\\p{N}{1}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
    rules(
        "bailingmoe bailingmoe2 llada-moe",
        "'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|"
            + WORDS
            + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+");
    rules(
        "jais-2",
        CONTRACTION
            + "|"
            + WORDS
            + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s{512}(?!\\S)"
            + "|\\s{256}(?!\\S)|\\s{128}(?!\\S)|\\s{64}(?!\\S)|\\s{32}(?!\\S)|\\s{16}(?!\\S)"
            + "|\\s{8}(?!\\S)|\\s{4}(?!\\S)|\\s{1,2}(?!\\S)|\\s{1}");
    rules("gpt-4o llama4 kanana2 minimax-m2 talkie", o200k(CONTRACTION + "?", "\\p{N}{1,3}"));
    rules("granite-embed-multi-97m", o200k(CONTRACTION + "?", "\\p{N}{1,3}"));
    rules("tekken", o200k("", "\\p{N}"));
    rules(
        "youtu",
        "[\\uAC00-\\uD7A3\\u3131-\\u318E]+"
            + "|[\\uFF01\\u2026\\u201C\\u201D\\u2018\\u2019\\u2014\\uFF1A\\uFF1B\\uFF0C\\u3001-\\u303F"
            + "\\uFE30-\\uFE4F]+|[\\u3105-\\u312F]+|"
            + CJK,
        o200k(CONTRACTION + "?", "\\p{N}"));
    rules("deepseek-coder", "[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", CJK_WIDE, "\\p{N}");
    rules("deepseek-v3 hunyuan-dense joyai-llm hy_v4", "\\p{N}{1,3}", CJK, DEEPSEEK3);
    rules("spark2_5", "\\p{N}{1,3}", CJK, SPARK, "\\p{N}");
    rules(
        "deepseek-llm",
        "[\\r\\n]",
        DEEPSEEK_LETTERS,
        "\\s?[!-/:-~\\uFF01-\\uFF0F\\uFF1A-\\uFF5E\\u2018-\\u201F\\u3000-\\u3002]+",
        "\\s+$",
        CJK_WIDE,
        "\\p{N}+");
    rules("falcon", "[\\p{P}\\$\\+<=>\\^~\\|`]+", GPT2, "[0-9][0-9][0-9]");
    rules("default", "[\\p{P}\\$\\+<=>\\^~\\|]+", GPT2, "\\p{N}+", "[0-9][0-9][0-9]");
    rules("poro-chat bloom gpt3-finnish", BLOOM);
    rules("viking", BLOOM, "\\p{N}");
    rules("gemma4 granite-embed-multi-311m sarvam-moe", LINES);
  }

  private Splitters() {}

  private static void rules(String names, String... expressions) {
    for (String name : names.split(" ", -1)) {
      BY_NAME.put(name, List.of(expressions));
    }
  }

  private static String o200k(String suffix, String digits) {
    String upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    String lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    String before = "[^\\r\\n\\p{L}\\p{N}]?";
    return (before + upper + "*" + lower + "+" + suffix)
        + ("|" + before + upper + "+" + lower + "*" + suffix)
        + ("|" + digits + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
  }

  /** The rules of that name, unless they are not known. */
  static Optional<Splitter> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name)).map(Splitter::new);
  }

  /** The rules of most newer models, in place of those of an unknown one. */
  static Splitter usual() {
    return new Splitter(List.of(LLAMA3));
  }

  static boolean wholeFirst(String name) {
    return WHOLE_FIRST.contains(name);
  }
}
