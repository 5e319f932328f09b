package dev.plimsoll.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds what somebody most likely meant by a name that does not exist. */
public final class NearestName {
  private NearestName() {}

  /** The known name nearest to a wrong one. */
  static String of(String wrong, Collection<String> known) {
    return known.stream().min(nearestTo(wrong)).orElse("");
  }

  /** The known names nearest to a wrong one, the nearest first. */
  public static List<String> nearest(String wrong, Collection<String> known, int most) {
    return known.stream().sorted(nearestTo(wrong)).limit(most).toList();
  }

  private static Comparator<String> nearestTo(String wrong) {
    return Comparator.comparingInt((String name) -> distance(wrong, name))
        .thenComparingInt(name -> edits(wrong, name));
  }

  /** A right name in a wrong section, or without one, is as near as one wrong letter. */
  private static int distance(String wrong, String name) {
    int whole = edits(wrong, name);
    int last = edits(lastPart(wrong), lastPart(name)) + 1;
    return Math.min(whole, last);
  }

  private static String lastPart(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** Levenshtein's distance, row by row. */
  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replace = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, 1 + Math.min(row[j - 1], row[j]));
      }
    }
    return row[to.length()];
  }
}
