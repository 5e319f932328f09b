package dev.plimsoll.metrics;

/**
 * What runs, for a metric that dashboards join with others.
 *
 * @param plimsoll the program's version
 * @param java the JVM's
 * @param vertx the version of Vert.x
 */
public record Versions(String plimsoll, String java, String vertx) {}
