/**
 * Compaction: a conversation that outgrew its window becomes one that fits, as a fold over its
 * messages.
 *
 * <p>The same conversation under the same {@link dev.plimsoll.compact.Terms} gives the same plan in
 * every process, restarted or not; a cache only saves work. Pure: no I/O, no clock, no Vert.x. Uses
 * {@code json}, {@code chat} and {@code tokens}.
 */
@NullMarked
package dev.plimsoll.compact;

import org.jspecify.annotations.NullMarked;
