package dev.covey.store;

/** What {@link ObjectStore#repair} does to a store that no mesh can start with as it is. */
public enum StoreRepair {
    /**
     * Puts the journal aside, so that the revision files alone decide; what is lost to the next mesh is every change that was
     * accepted and had no revision file yet, and who stood in a line or held a permit.
     */
    JOURNAL_ASIDE
}
