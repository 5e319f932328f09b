package dev.plimsoll.chat;

/**
 * The tokens that one answer cost, as the upstream counted them.
 *
 * @param prompt tokens of the prompt, cached ones included
 * @param completion tokens generated, reasoning included
 * @param cached prompt tokens that the KV cache already held; 0 when unknown
 * @param reasoning completion tokens that were reasoning; 0 when unknown
 */
public record Usage(long prompt, long completion, long cached, long reasoning) {
  /** Nothing counted. */
  public static final Usage NONE = new Usage(0, 0, 0, 0);

  /** Prompt and completion together. */
  public long total() {
    return prompt + completion;
  }
}
