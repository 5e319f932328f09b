/**
 * What operators ask: the JSON API over the ledger, and whether the program lives.
 *
 * <p>Only reads. Uses {@code json}, {@code chat} and {@code ledger}; Vert.x Web for the routes.
 */
@NullMarked
package dev.plimsoll.admin;

import org.jspecify.annotations.NullMarked;
