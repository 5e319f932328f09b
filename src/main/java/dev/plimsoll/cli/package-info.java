/**
 * The command line: reads the configuration, builds every part once, starts and stops the program.
 *
 * <p>The top layer; may use every other package, and no package uses it.
 */
@NullMarked
package dev.plimsoll.cli;

import org.jspecify.annotations.NullMarked;
