package dev.covey.store;

/**
 * A revision that lost against another one and was not taken up by anybody yet.
 *
 * @param object the state that lost; a tombstone if it was a delete
 * @param autoResolvable whether the newest revision holds all that this state says, so that closing it loses nothing
 */
public record Conflict(StoredObject object, boolean autoResolvable) {}
