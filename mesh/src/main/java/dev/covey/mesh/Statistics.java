package dev.covey.mesh;

import java.util.List;

/**
 * What one member did and met since it joined. Counts only grow.
 *
 * @param patches that were asked for here, first values included
 * @param accepted patches that took effect or had nothing to change
 * @param refused patches that never will
 * @param late patches that had no answer in their time
 * @param retries runs of a function for {@code update} or {@code edit} that were in vain since somebody was faster
 * @param records applied one by one
 * @param snapshots states taken as a whole
 * @param epochs that began: 1 for the first host, 1 more for each change
 * @param stuck listeners and functions of this process that have been running for longer than a second at this moment; the
 *     others go on without them
 */
public record Statistics(
        long patches,
        long accepted,
        long refused,
        long late,
        long retries,
        long records,
        long snapshots,
        long epochs,
        List<String> stuck) {}
