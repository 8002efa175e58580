package dev.covey.store;

/**
 * An object whose revision files were damaged, missing or foreign, and how its history goes on. The object alone was
 * concerned. What was in the way is in the store's directory {@code .quarantine}, which Covey only ever adds to: remove it
 * when you have looked.
 *
 * @param object the object's id
 * @param revision the number whose full state was written from memory; 0 while its files cannot be written
 * @param timeMicros microseconds since 1970 when it was found
 * @param found what is wrong, naming the file where there is one
 */
public record Quarantined(String object, long revision, long timeMicros, String found) {}
