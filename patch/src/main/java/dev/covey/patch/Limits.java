package dev.covey.patch;

/**
 * How large values and patches may be. A patch beyond a limit is refused with {@link PatchCode#LIMIT_EXCEEDED} before
 * the memory for it is taken. Sizes are in bytes of UTF-8, counts in elements.
 *
 * @param depth containers inside one another
 * @param padding nulls put before an element that is set beyond the end of its array
 * @param arrayLength elements of one array
 * @param objectMembers members of one object
 * @param patchBytes size of one patch, as text and in binary
 * @param operations operations of one patch, and concrete operations it resolves to
 * @param valueBytes size of one value, counted as its compact JSON with 8 bytes for a number
 * @param keyBytes size of one member name
 * @param stringBytes size of one string
 * @param comparisons steps of comparing values while one patch is resolved
 */
public record Limits(
        int depth,
        int padding,
        int arrayLength,
        int objectMembers,
        int patchBytes,
        int operations,
        long valueBytes,
        int keyBytes,
        int stringBytes,
        long comparisons) {
    /** The largest depth that can be asked for, so that recursion stays far from the end of the stack. */
    public static final int DEEPEST = 500;

    /** Depth 100, padding 1,024, arrays and objects of 1 M, patches of 1 MiB and 10,000 operations, values of 64 MiB. */
    public static final Limits DEFAULT =
            new Limits(100, 1_024, 1_000_000, 1_000_000, 1 << 20, 10_000, 64L << 20, 1 << 10, 1 << 20, 10_000_000);

    /** Checks that every limit is positive and the depth within {@link #DEEPEST}. */
    public Limits {
        if (depth < 1 || depth > DEEPEST) {
            throw new IllegalArgumentException("depth is " + depth + ", needs 1 to " + DEEPEST);
        }
        positive("padding", padding + 1L);
        positive("arrayLength", arrayLength);
        positive("objectMembers", objectMembers);
        positive("patchBytes", patchBytes);
        positive("operations", operations);
        positive("valueBytes", valueBytes);
        positive("keyBytes", keyBytes);
        positive("stringBytes", stringBytes);
        positive("comparisons", comparisons);
    }

    private static void positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", needs a positive number");
        }
    }

    /** The same limits with another depth. */
    public Limits withDepth(int depth) {
        return new Limits(
                depth,
                padding,
                arrayLength,
                objectMembers,
                patchBytes,
                operations,
                valueBytes,
                keyBytes,
                stringBytes,
                comparisons);
    }

    /** The same limits with another padding. */
    public Limits withPadding(int padding) {
        return new Limits(
                depth,
                padding,
                arrayLength,
                objectMembers,
                patchBytes,
                operations,
                valueBytes,
                keyBytes,
                stringBytes,
                comparisons);
    }

    /** The same limits with another arrayLength. */
    public Limits withArrayLength(int arrayLength) {
        return new Limits(
                depth,
                padding,
                arrayLength,
                objectMembers,
                patchBytes,
                operations,
                valueBytes,
                keyBytes,
                stringBytes,
                comparisons);
    }

    /** The same limits with another objectMembers. */
    public Limits withObjectMembers(int objectMembers) {
        return new Limits(
                depth,
                padding,
                arrayLength,
                objectMembers,
                patchBytes,
                operations,
                valueBytes,
                keyBytes,
                stringBytes,
                comparisons);
    }

    /** The same limits with another patchBytes. */
    public Limits withPatchBytes(int patchBytes) {
        return new Limits(
                depth,
                padding,
                arrayLength,
                objectMembers,
                patchBytes,
                operations,
                valueBytes,
                keyBytes,
                stringBytes,
                comparisons);
    }

    /** The same limits with another operations. */
    public Limits withOperations(int operations) {
        return new Limits(
                depth,
                padding,
                arrayLength,
                objectMembers,
                patchBytes,
                operations,
                valueBytes,
                keyBytes,
                stringBytes,
                comparisons);
    }

    /** The same limits with another valueBytes. */
    public Limits withValueBytes(long valueBytes) {
        return new Limits(
                depth,
                padding,
                arrayLength,
                objectMembers,
                patchBytes,
                operations,
                valueBytes,
                keyBytes,
                stringBytes,
                comparisons);
    }

    /** The same limits with another keyBytes. */
    public Limits withKeyBytes(int keyBytes) {
        return new Limits(
                depth,
                padding,
                arrayLength,
                objectMembers,
                patchBytes,
                operations,
                valueBytes,
                keyBytes,
                stringBytes,
                comparisons);
    }

    /** The same limits with another stringBytes. */
    public Limits withStringBytes(int stringBytes) {
        return new Limits(
                depth,
                padding,
                arrayLength,
                objectMembers,
                patchBytes,
                operations,
                valueBytes,
                keyBytes,
                stringBytes,
                comparisons);
    }

    /** The same limits with another comparisons. */
    public Limits withComparisons(long comparisons) {
        return new Limits(
                depth,
                padding,
                arrayLength,
                objectMembers,
                patchBytes,
                operations,
                valueBytes,
                keyBytes,
                stringBytes,
                comparisons);
    }
}
