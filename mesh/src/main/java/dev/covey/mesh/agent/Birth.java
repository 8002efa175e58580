package dev.covey.mesh.agent;

import dev.covey.mesh.core.State;
import dev.covey.mesh.core.StateEncoder;
import dev.covey.mesh.protocol.FactDecoder;
import dev.covey.store.Checkpointer;
import dev.covey.store.Journal;
import dev.covey.store.JournalEnd;
import dev.covey.store.JournalReader;
import dev.covey.store.Snapshots;
import dev.covey.store.Winner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a life of a mesh begins that has no commit cell yet. Journal and snapshot decide what is true; where the revision
 * files of the store know more of an object (the journal was in memory, or lost its end with the power, or somebody wrote
 * while no mesh ran) their winner is adopted.
 *
 * <p>What was adopted is a snapshot, from which every member starts; the journal before it goes.
 *
 * @param epoch above which the cell's epochs are
 * @param position the cell's first
 */
record Birth(long epoch, long position) {
    private static final System.Logger LOG = System.getLogger(Birth.class.getName());

    static Birth of(Journal journal, Snapshots snapshots, Settings settings, boolean otherBoot) {
        State snapshot = Premises.newestState(snapshots, Long.MAX_VALUE, settings);
        JournalEnd end = journal.recover(otherBoot, snapshot.position());
        Birth found = new Birth(Math.max(end.epoch(), snapshot.epoch()), Math.max(end.position(), snapshot.position()));
        if (snapshot.position() > end.position()) {
            found = startOver(journal, found.epoch() + 1, snapshot.position());
        }
        String store = settings.store();
        if (store == null) {
            return found;
        }
        State known = replayed(journal, snapshot, end.epoch(), end.position(), settings);
        return adopt(found, known, Path.of(store), journal, snapshots);
    }

    /** A snapshot has everything up to there: an empty segment behind it seals what was before, which then can go. */
    private static Birth startOver(Journal journal, long epoch, long position) {
        journal.begin(epoch, position + 1, new byte[0]).close();
        journal.removeBelow(position + 1, epoch);
        return new Birth(epoch, position);
    }

    static State replayed(Journal journal, State from, long epoch, long position, Settings settings) {
        State state = from;
        FactDecoder facts = new FactDecoder(settings.limits());
        if (position > from.position()) {
            try (JournalReader reader = journal.reader(from.position())) {
                while (reader.next(epoch, position)) {
                    state = state.apply(Follower.read(reader, facts));
                }
            }
        }
        return state;
    }

    private static Birth adopt(Birth found, State known, Path store, Journal journal, Snapshots snapshots) {
        List<Winner> ahead = new ArrayList<>();
        long[] highest = {found.epoch(), Math.max(found.position(), Checkpointer.markOf(store))};
        Winner.each(store, winner -> {
            highest[0] = Math.max(highest[0], winner.epoch());
            highest[1] = Math.max(highest[1], winner.position());
            if (winner.revision() > known.object(winner.id()).revision()) {
                ahead.add(winner);
            }
        });
        if (ahead.isEmpty() && highest[0] == found.epoch() && highest[1] == found.position()) {
            return found;
        }
        long epoch = highest[0] + 1;
        long position = highest[1];
        LOG.log(
                System.Logger.Level.INFO,
                "store " + store + ": " + ahead.size() + " objects are newer in their revision files than in the"
                        + " journal; the mesh starts with them at position " + position);
        State adopted = adopting(known, ahead).at(epoch, position);
        snapshots.write(epoch, position, StateEncoder.encode(adopted));
        return startOver(journal, epoch, position);
    }

    /** The state with what the revision files have newer. */
    static State adopting(State known, List<Winner> newer) {
        State adopted = known;
        for (Winner winner : newer) {
            adopted = adopted.adopting(
                    winner.id(), winner.revision(), winner.value(), winner.timeMicros(), winner.deleted());
        }
        return adopted;
    }
}
