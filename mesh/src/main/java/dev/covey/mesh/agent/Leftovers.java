package dev.covey.mesh.agent;

import dev.covey.mesh.core.Session;
import dev.covey.mesh.core.State;
import dev.covey.mesh.local.Claims;
import dev.covey.mesh.local.Doorbell;
import dev.covey.mesh.local.LifeSigns;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.local.Verdict;
import dev.covey.store.ProcessIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What dead epochs and dead members left behind, for the host to remove. Of a member that may live, frozen or not, nothing
 * is touched: it removes its driver itself, and may be launching it right now.
 */
final class Leftovers {
    /** A join that was still under way when its member ended is recorded or lost within that time. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(60);

    private final MeshDirectory directory;
    private final Claims claims;

    Leftovers(MeshDirectory directory) {
        this.directory = directory;
        this.claims = new Claims(directory);
    }

    /**
     * Removes them, on a thread that has time.
     *
     * @param known what is committed
     * @param epoch of the host
     */
    void remove(State known, long epoch) {
        for (Path driver : directory.driversBelow(epoch)) {
            if (verdict(directory.ownerOf(driver), known).isDead()) {
                directory.remove(driver);
            }
        }
        for (Path seat : directory.seats()) {
            Verdict verdict = verdict(seat, known);
            if (verdict.isDead() && !isNeeded(seat, verdict, known)) {
                String token = String.valueOf(seat.getFileName());
                Doorbell.freeSlot(directory, token);
                directory.remove(Rehearsal.scratch(directory, token));
                directory.remove(seat);
            }
        }
        claims.removeBelow(epoch);
    }

    /** Of whom the state knows, its process is known too, whatever became of its seat. */
    private Verdict verdict(Path seat, State known) {
        String token = String.valueOf(seat.getFileName());
        Session session = session(token, known);
        Optional<ProcessIdentity> process = session == null
                ? Optional.empty()
                : ProcessIdentity.parse(session.profile().process());
        return process.isPresent()
                ? LifeSigns.once(directory, token, process.get())
                : LifeSigns.ofSeat(directory, seat);
    }

    private static @Nullable Session session(String token, State known) {
        return Stream.concat(known.sessions().values().stream(), known.departed().values().stream())
                .filter(session -> session.profile().seat().equals(token))
                .findFirst()
                .orElse(null);
    }

    /** Whether somebody may still have to learn from the seat or the bell that the member is dead. */
    private boolean isNeeded(Path seat, Verdict verdict, State known) {
        if (verdict == Verdict.PROCESS_GONE) {
            return false;
        }
        boolean isKnown = session(String.valueOf(seat.getFileName()), known) != null;
        return isKnown || directory.isYoungerThan(seat, UNDER_WAY);
    }
}
