package dev.plimsoll.session;

import java.util.List;

/**
 * One way to tell an agent: by how its User-Agent begins or, failing that, its system prompt.
 *
 * @param agent who it is
 * @param place what is looked at
 * @param opener how that begins; letter case counts only in prompts
 * @param seen the release in which it was seen
 */
record AgentRule(Agent agent, Place place, String opener, String seen) {
  /** User-Agents come first in the list: a user may have replaced the system prompt. */
  static final List<AgentRule> TABLE =
      List.of(
          userAgent(Agent.CRUSH, "Charm-Crush/", "Crush 0.90.0"),
          userAgent(Agent.OPENCODE, "opencode/", "OpenCode 1.18.33"),
          userAgent(Agent.QWEN_CODE, "QwenCode/", "Qwen Code 0.15.10"),
          userAgent(Agent.CODEX, "codex", "Codex 0.169.0"),
          userAgent(Agent.CLAUDE_CODE, "claude-cli/", "Claude Code's documentation"),
          userAgent(Agent.CLAUDE_CODE, "claude-code/", "Claude Code's documentation"),
          prompt(Agent.CRUSH, "You are Crush, ", "Crush 0.90.0"),
          prompt(Agent.CRUSH, "You are an agent for Crush.", "Crush 0.90.0"),
          prompt(Agent.OPENCODE, "You are opencode, ", "OpenCode 1.18.33"),
          prompt(Agent.QWEN_CODE, "You are Qwen Code, ", "Qwen Code 0.15.10"),
          prompt(Agent.CODEX, "You are Codex, ", "Codex 0.169.0"),
          prompt(
              Agent.PI,
              "You are an expert coding assistant operating inside pi, ",
              "Pi 0.73.1, whose User-Agent is its library's"),
          prompt(Agent.CLAUDE_CODE, "You are Claude Code, ", "Claude Code's documentation"));

  enum Place {
    USER_AGENT,
    SYSTEM
  }

  private static AgentRule userAgent(Agent agent, String opener, String seen) {
    return new AgentRule(agent, Place.USER_AGENT, opener, seen);
  }

  private static AgentRule prompt(Agent agent, String opener, String seen) {
    return new AgentRule(agent, Place.SYSTEM, opener, seen);
  }

  /** The agent that a User-Agent and a system prompt (either may be empty) belong to. */
  static Agent match(String userAgent, String system) {
    for (AgentRule rule : TABLE) {
      boolean hit =
          switch (rule.place) {
            case USER_AGENT ->
                userAgent.regionMatches(true, 0, rule.opener, 0, rule.opener.length());
            case SYSTEM -> system.startsWith(rule.opener);
          };
      if (hit) {
        return rule.agent;
      }
    }
    return Agent.UNKNOWN;
  }
}
