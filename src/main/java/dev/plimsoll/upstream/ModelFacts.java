package dev.plimsoll.upstream;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What is known of a model that the server lists.
 *
 * @param name the server's own spelling
 * @param window the context window in tokens, when known
 * @param configured whether the window is the configuration's and not the server's
 * @param gpuShare the part of it that is in the GPU's memory, when it is loaded and the server
 *     tells
 */
public record ModelFacts(
    String name, OptionalLong window, boolean configured, OptionalDouble gpuShare) {}
