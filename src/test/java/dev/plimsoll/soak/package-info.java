/**
 * Tests that load the built program for minutes, or with a crowd, and look at what it keeps of it.
 */
@NullMarked
package dev.plimsoll.soak;

import org.jspecify.annotations.NullMarked;
