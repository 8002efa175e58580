package dev.covey.patch;

/**
 * When and by whom a patch was created. No two patches bear the same one, so of two stamps one is always newer.
 *
 * @param timeMicros microseconds since 1970
 * @param member number of the member that created the patch
 */
public record Stamp(long timeMicros, long member) implements Comparable<Stamp> {
    @Override
    public int compareTo(Stamp other) {
        int byTime = Long.compare(timeMicros, other.timeMicros);
        return byTime != 0 ? byTime : Long.compare(member, other.member);
    }

    /** Whether this is the later one. */
    public boolean newerThan(Stamp other) {
        return compareTo(other) > 0;
    }
}
