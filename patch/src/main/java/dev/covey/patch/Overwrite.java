package dev.covey.patch;

/**
 * That a path was overwritten.
 *
 * @param path what was overwritten
 * @param stamp creation of the patch that did it
 */
public record Overwrite(Path path, Stamp stamp) {}
