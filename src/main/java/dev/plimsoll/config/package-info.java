/**
 * The configuration: what may be set, what each key accepts and does by default, and where a value
 * came from when it is wrong.
 *
 * <p>Every section of the file is one record that holds its keys, its default and its check; {@link
 * dev.plimsoll.config.Keys} is the table of all keys, from which unknown keys, environment names
 * and the tests of the documentation follow. Loading never throws for a user's mistake: {@link
 * dev.plimsoll.config.Loaded} is a valid configuration or the list of everything that is wrong.
 *
 * <p>The lowest layer: uses no other package of Plimsoll and nothing of Vert.x.
 */
@NullMarked
package dev.plimsoll.config;

import org.jspecify.annotations.NullMarked;
