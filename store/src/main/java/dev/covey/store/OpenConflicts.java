package dev.covey.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The ends of all lines but the winning one that no revision closes. An unbroken row of numbers, each there once, has none
 * and is told by names alone; otherwise every file from the first irregular number on is read.
 */
final class OpenConflicts {
    private OpenConflicts() {}

    /** In the order of the winners: the highest first. */
    static List<RevisionFile> of(Disk disk, ObjectFiles files, RevisionFile winner) throws IOException {
        List<Rev> suspicious = suspicious(disk, files);
        Set<String> taken = new HashSet<>();
        List<RevisionFile> ends = new ArrayList<>();
        for (Rev rev : suspicious) {
            Optional<RevisionFile> file = files.readIfWhole(rev);
            if (file.isPresent()) {
                take(file.get(), taken);
                ends.add(slim(file.get()));
            }
        }
        ends.removeIf(
                file -> taken.contains(file.rev().toString()) || file.rev().equals(winner.rev()));
        ends.sort((left, right) -> right.rev().compareTo(left.rev()));
        return ends;
    }

    private static void take(RevisionFile file, Set<String> taken) {
        taken.add(file.previous());
        for (StoredRevision revision : file.run()) {
            taken.addAll(revision.closes());
            if (revision.number() < file.last().number()) {
                taken.add(revision.rev());
            }
        }
    }

    /** Without the state: thousands may be looked at, few are conflicts. */
    private static RevisionFile slim(RevisionFile file) {
        return new RevisionFile(file.id(), file.rev(), file.previous(), List.of(file.last()), null);
    }

    private static List<Rev> suspicious(Disk disk, ObjectFiles files) throws IOException {
        List<Rev> found = new ArrayList<>();
        Rev last = new Rev(0, "");
        boolean regular = true;
        RevisionGroups groups = RevisionGroups.oldestFirst(disk, files.directory(), 0);
        for (Optional<List<Rev>> group = groups.next(); group.isPresent(); group = groups.next()) {
            for (Rev rev : group.get()) {
                if (regular && rev.number() != last.number() + 1) {
                    regular = false;
                    found.add(last);
                }
                if (!regular) {
                    found.add(rev);
                }
                last = rev;
            }
        }
        found.removeIf(rev -> rev.number() == 0);
        return found;
    }

    /** Whether all that {@code lost} says is in {@code newest} too. */
    static boolean captured(JsonNode lost, JsonNode newest) {
        if (!lost.isObject() || !newest.isObject()) {
            return lost.equals(newest);
        }
        for (Map.Entry<String, JsonNode> member : lost.properties()) {
            if (!member.getValue().equals(newest.get(member.getKey()))) {
                return false;
            }
        }
        return true;
    }
}
