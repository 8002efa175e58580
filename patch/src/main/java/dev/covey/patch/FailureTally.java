package dev.covey.patch;

import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides how much of a failure that comes again and again is worth telling: the first of each kind with its stack trace, and
 * then how many there were, every ten seconds. A listener that fails for each of a million changes must not fill a disk.
 *
 * <p>Has no clock: it is handed the time. What was counted and is not told yet is told with the next failure. Any thread.
 */
public final class FailureTally {
    /** From one count to the next, in nanoseconds. */
    public static final long PAUSE_NANOS = 10_000_000_000L;

    /** How many kinds are told with their stack traces; all further ones are counted. */
    public static final int MAX_KINDS = 16;

    private final Set<Object> kinds = new HashSet<>();
    private long untold;
    private long toldAt;

    /**
     * Takes in one more failure, and tells what is worth telling.
     *
     * @param sentence what failed
     * @param kind failures of an equal kind are alike, for instance the class of what was thrown
     * @param thrown what was thrown, if anything was
     * @param nowNanos of any clock that only goes forward
     * @param tell is given the text, and with the first of a kind what was thrown
     */
    public void failed(
            String sentence,
            Object kind,
            @Nullable Throwable thrown,
            long nowNanos,
            BiConsumer<String, @Nullable Throwable> tell) {
        long count = counted(kind, nowNanos);
        if (count == 1) {
            tellWhole(sentence, thrown, tell);
        } else if (count > 1) {
            String last = thrown == null ? "" : ", the last time with " + shown(thrown);
            tell.accept(sentence + " (" + (count - 1) + " times since this was last told" + last + ")", null);
        }
    }

    /** An exception is user code too: one whose message cannot be had is told by its class. */
    private static void tellWhole(
            String sentence, @Nullable Throwable thrown, BiConsumer<String, @Nullable Throwable> tell) {
        try {
            tell.accept(sentence, thrown);
        } catch (RuntimeException | Error unprintable) {
            tell.accept(
                    sentence + ": "
                            + (thrown == null ? unprintable : thrown).getClass().getName(),
                    null);
        }
    }

    private static String shown(Throwable thrown) {
        try {
            return thrown.toString();
        } catch (RuntimeException | Error unprintable) {
            return thrown.getClass().getName();
        }
    }

    /** 0 for nothing to tell, 1 for the first of its kind, else one more than there is to tell. */
    private synchronized long counted(Object kind, long nowNanos) {
        if (kinds.size() < MAX_KINDS && kinds.add(kind)) {
            toldAt = kinds.size() == 1 ? nowNanos : toldAt;
            return 1;
        }
        untold++;
        if (nowNanos - toldAt < PAUSE_NANOS) {
            return 0;
        }
        long count = untold + 1;
        untold = 0;
        toldAt = nowNanos;
        return count;
    }
}
