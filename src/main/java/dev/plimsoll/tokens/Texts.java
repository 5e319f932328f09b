package dev.plimsoll.tokens;

import java.util.Collection;
import java.util.Iterator;

/** What several texts have in common. */
final class Texts {
  private Texts() {}

  /** The longest text with which both begin. */
  static String commonStart(String one, String other) {
    int length = 0;
    int most = Math.min(one.length(), other.length());
    while (length < most && one.charAt(length) == other.charAt(length)) {
      length++;
    }
    return one.substring(0, length);
  }

  /** The longest text with which both end. */
  static String commonEnd(String one, String other) {
    int length = 0;
    int most = Math.min(one.length(), other.length());
    while (length < most
        && one.charAt(one.length() - 1 - length) == other.charAt(other.length() - 1 - length)) {
      length++;
    }
    return one.substring(one.length() - length);
  }

  /** The longest text with which all begin; empty for none. */
  static String commonStart(Collection<String> texts) {
    Iterator<String> all = texts.iterator();
    String common = all.hasNext() ? all.next() : "";
    while (all.hasNext()) {
      common = commonStart(common, all.next());
    }
    return common;
  }

  /** The longest text with which all end; empty for none. */
  static String commonEnd(Collection<String> texts) {
    Iterator<String> all = texts.iterator();
    String common = all.hasNext() ? all.next() : "";
    while (all.hasNext()) {
      common = commonEnd(common, all.next());
    }
    return common;
  }
}
