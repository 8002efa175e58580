package dev.covey.patch;

/**
 * What a resolution may depend on besides the patch and the value.
 *
 * @param nowMillis milliseconds since 1970, for {@code $currentDate}
 * @param inserts whether the patch makes a new value, so that {@code $setOnInsert} takes effect
 * @param limits how large the outcome may be
 */
public record ResolveOptions(long nowMillis, boolean inserts, Limits limits) {
    /** At the beginning of 1970, of a value that is there, within {@link Limits#DEFAULT}. */
    public static final ResolveOptions DEFAULT = new ResolveOptions(0, false, Limits.DEFAULT);

    /** The same options at another time. */
    public ResolveOptions withNowMillis(long nowMillis) {
        return new ResolveOptions(nowMillis, inserts, limits);
    }

    /** The same options for a new or an existing value. */
    public ResolveOptions withInserts(boolean inserts) {
        return new ResolveOptions(nowMillis, inserts, limits);
    }

    /** The same options within other limits. */
    public ResolveOptions withLimits(Limits limits) {
        return new ResolveOptions(nowMillis, inserts, limits);
    }
}
