/**
 * Tests of the whole program over real sockets, between a scripted model server and raw clients.
 */
@NullMarked
package dev.plimsoll.it;

import org.jspecify.annotations.NullMarked;
