package dev.covey.store;

/**
 * What {@link ObjectStore#sync} did.
 *
 * @param copiedHere revision files this store got
 * @param copiedThere revision files the other store got
 * @param damaged files passed over because their checksum is wrong
 */
public record SyncReport(long copiedHere, long copiedThere, long damaged) {}
