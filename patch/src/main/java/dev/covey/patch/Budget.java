package dev.covey.patch;

/** How many more comparing steps one patch may take: conditions over large arrays would otherwise take any time. */
final class Budget {
    private final Limits limits;
    private long left;

    Budget(Limits limits) {
        this.limits = limits;
        this.left = limits.comparisons();
    }

    void spend() {
        if (--left < 0) {
            throw PatchException.limit(
                    "the limit comparisons", "", "at most " + limits.comparisons(), "compared more often");
        }
    }
}
