package dev.covey.patch;

/**
 * One path that an intent of a patch touches, whether or not it changed anything there.
 *
 * @param path the place the intent names
 * @param overwrites whether what was there before is lost, as opposed to combined with
 */
public record Touch(Path path, boolean overwrites) {}
