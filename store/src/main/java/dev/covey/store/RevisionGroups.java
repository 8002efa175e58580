package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Walks the names of an object's revision files group by group, from the oldest or from the newest, listing only the
 * directories it comes to. What appears behind it while it walks is not seen.
 */
final class RevisionGroups {
    private final Disk disk;
    private final Subdirectories subdirectories;
    private final boolean ascending;
    private final long fromGroup;
    private final Deque<Branch> waiting = new ArrayDeque<>();

    /** A directory, the first group in it, and how many levels of directories are under it. */
    private record Branch(Path directory, long firstGroup, int levels) {
        long lastGroup() {
            return firstGroup + ObjectNames.groupsBelow(levels) - 1;
        }
    }

    private RevisionGroups(Disk disk, Subdirectories subdirectories, boolean ascending, long fromGroup) {
        this.disk = disk;
        this.subdirectories = subdirectories;
        this.ascending = ascending;
        this.fromGroup = fromGroup;
    }

    static RevisionGroups newestFirst(Disk disk, Path object) throws IOException {
        return newestFirst(disk, new Subdirectories(disk), object);
    }

    static RevisionGroups newestFirst(Disk disk, Subdirectories subdirectories, Path object) throws IOException {
        return new RevisionGroups(disk, subdirectories, false, 0).begin(object);
    }

    /** Revisions below this one may come too, in the first group. */
    static RevisionGroups oldestFirst(Disk disk, Path object, long fromRevision) throws IOException {
        return new RevisionGroups(disk, new Subdirectories(disk), true, fromRevision / ObjectNames.REVISIONS_PER_GROUP)
                .begin(object);
    }

    /** The object's directory, and the last one of each level below it that is there. */
    static List<Path> frontier(Disk disk, Path object) throws IOException {
        List<Path> frontier = new ArrayList<>();
        if (!disk.exists(object)) {
            return frontier;
        }
        frontier.add(object);
        Path directory = object;
        int levels = 0;
        for (String name : disk.list(object)) {
            levels = Math.max(levels, ObjectNames.depthOfLetter(name));
        }
        String below = levels == 0 ? "" : ObjectNames.letter(levels);
        while (!below.isEmpty()) {
            directory = directory.resolve(below);
            frontier.add(directory);
            below = disk.list(directory).stream()
                    .filter(name -> ObjectNames.asTwoDigits(name) >= 0)
                    .max(String::compareTo)
                    .orElse("");
        }
        return frontier;
    }

    /** A link in the place of the object's directory is not followed: there is nothing then. */
    private RevisionGroups begin(Path object) throws IOException {
        if (disk.kind(object) == Disk.Kind.OTHER) {
            return this;
        }
        List<Branch> branches = new ArrayList<>();
        branches.add(new Branch(object, 0, 0));
        for (String letter : subdirectories.letters(object)) {
            branches.add(new Branch(object.resolve(letter), 0, ObjectNames.depthOfLetter(letter)));
        }
        push(branches, Branch::levels);
        return this;
    }

    private void push(List<Branch> branches, ToLongFunction<Branch> order) {
        branches.removeIf(branch -> branch.lastGroup() < fromGroup);
        branches.sort((left, right) -> Long.compare(order.applyAsLong(left), order.applyAsLong(right)));
        if (ascending) {
            Collections.reverse(branches);
        }
        branches.forEach(waiting::push);
    }

    /** The names of the next group that has any, in the direction of the walk; empty at the end. */
    Optional<List<Rev>> next() throws IOException {
        while (!waiting.isEmpty()) {
            Branch branch = waiting.pop();
            if (branch.levels() > 0) {
                pushBelow(branch);
                continue;
            }
            List<Rev> revisions = revisions(disk.list(branch.directory()));
            if (!revisions.isEmpty()) {
                return Optional.of(revisions);
            }
        }
        return Optional.empty();
    }

    private void pushBelow(Branch branch) throws IOException {
        List<Branch> below = new ArrayList<>();
        long groups = ObjectNames.groupsBelow(branch.levels() - 1);
        for (String name : subdirectories.twoDigits(branch.directory())) {
            long first = branch.firstGroup() + ObjectNames.asTwoDigits(name) * groups;
            below.add(new Branch(branch.directory().resolve(name), first, branch.levels() - 1));
        }
        push(below, Branch::firstGroup);
    }

    private List<Rev> revisions(List<String> names) {
        List<Rev> revisions = new ArrayList<>();
        for (String name : names) {
            Rev.parse(name).ifPresent(revisions::add);
        }
        revisions.sort(ascending ? Rev::compareTo : Collections.reverseOrder());
        return revisions;
    }
}
