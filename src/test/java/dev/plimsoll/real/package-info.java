/**
 * Tests with what users really run: Ollama, and agents that talk to it through the built program.
 *
 * <p>They need what is not part of the sources, and say so where it is missing: {@code
 * PLIMSOLL_REAL_DIR} and {@code PLIMSOLL_AGENTS_DIR} name the folders of an installed Ollama and of
 * installed agents, {@code plimsoll.shared} the folder of the scripts that start them.
 */
@NullMarked
package dev.plimsoll.real;

import org.jspecify.annotations.NullMarked;
