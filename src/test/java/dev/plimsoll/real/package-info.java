/**
 * Tests with what users really run: Ollama, agents that talk to it through the built program, and
 * Prometheus that watches it.
 *
 * <p>They need what is not part of the sources, and say so where it is missing: {@code
 * PLIMSOLL_REAL_DIR}, {@code PLIMSOLL_AGENTS_DIR} and {@code PLIMSOLL_PROMETHEUS_DIR} name the
 * folders of an installed Ollama, of installed agents and of Prometheus, {@code plimsoll.shared}
 * the folder of the scripts that start them.
 */
@NullMarked
package dev.plimsoll.real;

import org.jspecify.annotations.NullMarked;
