/**
 * What operators ask: the JSON API over the ledger, what would become of a request, and whether the
 * program lives.
 *
 * <p>Only reads. Uses {@code json}, {@code chat}, {@code ledger}, and {@code turn} to explain
 * requests; Vert.x Web for the routes.
 */
@NullMarked
package dev.plimsoll.admin;

import org.jspecify.annotations.NullMarked;
