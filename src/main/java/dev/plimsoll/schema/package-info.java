/**
 * JSON Schema: whether the arguments of a tool call are what the tool's schema demands.
 *
 * <p>{@link dev.plimsoll.schema.SchemaRule} stands behind {@code calls}' {@code ArgumentRule},
 * since the validator is Vert.x's and the heart knows no Vert.x. No I/O: a schema that refers to
 * another place is none. Uses {@code json} and {@code calls}.
 */
@NullMarked
package dev.plimsoll.schema;

import org.jspecify.annotations.NullMarked;
