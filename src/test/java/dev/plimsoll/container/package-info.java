/**
 * Tests of the image, run by whatever container engine there is, and of the files it is made from.
 */
@NullMarked
package dev.plimsoll.container;

import org.jspecify.annotations.NullMarked;
