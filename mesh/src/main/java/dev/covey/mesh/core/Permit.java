package dev.covey.mesh.core;

/**
 * What somebody has in a line: the thing itself, or a place.
 *
 * @param request position of the record by which it queued up; its name
 * @param member who
 * @param token position of the record that granted it, which rises from grant to grant of a line; 0 while it waits
 */
public record Permit(long request, long member, long token) {
    static final long WAITING = 0;

    boolean isOf(long who) {
        return member == who;
    }
}
