package dev.covey.mesh.local;

import dev.covey.store.ProcessIdentity;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What shows whether one member lives, and the only place that says it is dead (rule C6). A member is dead whose process is
 * gone, who said in its seat that it left, or, where our /proc does not know its process because it is of another PID
 * namespace, whose bell refuses a connection. Everything else is a hint at most: a file that is missing may have been
 * removed under a living member, and a lock that is free was perhaps lost when somebody in its process read the file.
 *
 * <p>Looking again and again is cheap: a read of /proc, now and then a stat of the seat. Belongs to one thread.
 */
public final class LifeSigns implements Closeable {
    /** How often a seat is looked at whose process can be watched: it matters to those that end without their process. */
    private static final long SEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Path seat;
    private final ProcessIdentity process;
    private final LiveProcess watched;
    private final @Nullable BellLine line;
    private @Nullable FileMark read;
    private boolean left;
    private long seatAt = System.nanoTime();

    private LifeSigns(MeshDirectory directory, String token, ProcessIdentity process) {
        this.seat = directory.member(token);
        this.process = process;
        this.watched = LiveProcess.watch(process);
        this.line = process.isOfThisBoot() && !process.isInOurNamespace() ? new BellLine(directory, token) : null;
    }

    /**
     * Starts to watch a member.
     *
     * @param token of its seat
     * @param process it said it lives in
     */
    public static LifeSigns of(MeshDirectory directory, String token, ProcessIdentity process) {
        return new LifeSigns(directory, token, process);
    }

    /** Looks once. */
    public static Verdict once(MeshDirectory directory, String token, ProcessIdentity process) {
        try (LifeSigns signs = of(directory, token, process)) {
            return signs.verdict();
        }
    }

    /** Looks once at the member of that seat, of whom nothing is known but what stands there. */
    public static Verdict ofSeat(MeshDirectory directory, Path seat) {
        String token = String.valueOf(seat.getFileName());
        Optional<Seat.Word> word = Seat.read(seat);
        if (word.isPresent()) {
            return word.get().left()
                    ? Verdict.LEFT
                    : once(directory, token, word.get().process());
        }
        try (BellLine bell = new BellLine(directory, token)) {
            return bell.verdict();
        }
    }

    /**
     * Whether somebody in that mesh may be alive: somebody has a seat and is not known to be dead, or a bell takes a
     * connection, as it does also when all seats were removed.
     */
    public static boolean anybodyLives(MeshDirectory directory) {
        return directory.seats().stream()
                        .anyMatch(seat -> !ofSeat(directory, seat).isDead())
                || BellLine.anyAnswers(directory);
    }

    /** What can be told now. A process that is gone is gone for good; the rest is looked at again. */
    public Verdict verdict() {
        if (watched.isGone()) {
            return Verdict.PROCESS_GONE;
        }
        if (isTimeForSeat()) {
            left = saysLeft();
        }
        if (left) {
            return Verdict.LEFT;
        }
        BellLine bell = line;
        if (bell != null) {
            return bell.verdict();
        }
        return watched.isKnown() ? Verdict.ALIVE : Verdict.UNKNOWN;
    }

    /** Members of this process are looked at each time: what ends them is never that their process went. */
    private boolean isTimeForSeat() {
        if (process.equals(ProcessIdentity.self())) {
            return true;
        }
        long now = System.nanoTime();
        if (now - seatAt < 0) {
            return false;
        }
        seatAt = now + SEAT_NANOS;
        return true;
    }

    /** Every word is a new file, so that one that was read need not be read again. */
    private boolean saysLeft() {
        FileMark known = read;
        if (known != null && known.isOf(seat)) {
            return left;
        }
        read = FileMark.ofOrNull(seat);
        return read != null && Seat.read(seat).map(Seat.Word::left).orElse(false);
    }

    @Override
    public void close() {
        watched.close();
        if (line != null) {
            line.close();
        }
    }
}
