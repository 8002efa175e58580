package dev.covey.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Removes old revision files. Runs on the thread that calls it, for as long as there is something to remove; pauses after
 * every {@value #FILES_PER_PAUSE} files so that nobody who writes waits behind it. For one owner: the host of the mesh, or
 * whoever looks after a store without one.
 */
public final class Retainer {
    static final int FILES_PER_PAUSE = 32;
    private static final ToldOnce LOG = new ToldOnce(System.getLogger(Retainer.class.getName()));
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Disk disk;
    private final Path objects;
    private final Retention retention;
    private final BooleanSupplier goOn;
    private final ForcedDirectories directories;
    private long removed;
    private boolean stopped;

    private Retainer(Disk disk, Path store, Retention retention, BooleanSupplier goOn) {
        this.disk = disk;
        this.objects = store.resolve(ObjectNames.OBJECTS);
        this.retention = retention;
        this.goOn = goOn;
        this.directories = new ForcedDirectories(disk, objects);
    }

    /** Removes what a store need not keep; returns how many files went. */
    public static long run(Path store, Retention retention) {
        return run(store, retention, () -> true);
    }

    /**
     * As {@link #run(Path, Retention)}, until {@code goOn} says no; it is asked before each object and at each pause. What
     * is left is removed by the next run.
     *
     * <p>Of an object with a damaged or missing file nothing is removed that hangs on it, or is older: nobody can tell any
     * more how much of it is wanted. That is told in the log.
     *
     * @throws StoreException STORE_FULL, STORE_FAILED
     */
    public static long run(Path store, Retention retention, BooleanSupplier goOn) {
        return run(LocalDisk.INSTANCE, store, retention, goOn);
    }

    static long run(Disk disk, Path store, Retention retention, BooleanSupplier goOn) {
        Retainer retainer = new Retainer(disk, store, retention, goOn);
        return ObjectStore.reading("retention of " + store, () -> {
            for (String name : disk.list(retainer.objects)) {
                if (!goOn.getAsBoolean()) {
                    break;
                }
                retainer.retain(name);
            }
            return retainer.removed;
        });
    }

    private void retain(String name) throws IOException {
        try {
            String id = ObjectIds.idOf(disk, objects, name);
            if (!id.isEmpty()) {
                retain(new ObjectFiles(disk, objects, id));
            }
        } catch (AccessDeniedException | NotRegularFileException unreadable) {
            LOG.warn("nothing removed of " + objects.resolve(name) + ": " + unreadable.getMessage());
        } catch (StoreException damaged) {
            if (damaged.code() != StoreCode.CORRUPT) {
                throw damaged;
            }
            LOG.warn("nothing removed of " + objects.resolve(name) + ": " + damaged.getMessage());
        }
    }

    private void retain(ObjectFiles files) throws IOException {
        Optional<RevisionFile> newest = files.newest();
        Optional<RevisionFile> oldestKept = newest.isPresent() ? oldestKept(files, newest.get()) : Optional.empty();
        if (oldestKept.isPresent() && !oldestKept.get().previous().isEmpty()) {
            Set<Rev> needed = neededBy(OpenConflicts.of(disk, files, newest.get()), files);
            removeBelow(files, oldestKept.get().rev(), needed);
        }
    }

    /** From the newest back to the first that is not wanted, and on to a full state: the rest hangs on it. */
    private Optional<RevisionFile> oldestKept(ObjectFiles files, RevisionFile newest) throws IOException {
        long now = System.currentTimeMillis();
        long revisions = 0;
        long bytes = 0;
        RevisionFile file = newest;
        boolean wanted = true;
        while (true) {
            revisions += file.run().size();
            bytes += disk.size(files.file(file.rev()));
            Optional<RevisionFile> before =
                    file.previous().isEmpty() ? Optional.empty() : files.read(files.previousOf(file));
            if (before.isEmpty() && wanted && !file.previous().isEmpty() && isOlderThere(files, file)) {
                return Optional.empty();
            }
            wanted = wanted
                    && before.isPresent()
                    && retention.wants(revisions, bytes, before.get().last().timeMicros(), now);
            if (before.isEmpty() || (!wanted && file.value() != null)) {
                return Optional.of(file);
            }
            file = before.get();
        }
    }

    /** Whether the file before this one is missing rather than removed by an earlier run, which took all before it too. */
    private boolean isOlderThere(ObjectFiles files, RevisionFile file) throws IOException {
        return files.newestWhole(file.from() - 1).isPresent();
    }

    /** A conflict, and what its state is made from. */
    private static Set<Rev> neededBy(List<RevisionFile> conflicts, ObjectFiles files) throws IOException {
        Set<Rev> needed = new HashSet<>();
        for (RevisionFile conflict : conflicts) {
            Optional<RevisionFile> file = files.read(conflict.rev());
            while (file.isPresent()) {
                needed.add(file.get().rev());
                file = file.get().standsAlone() ? Optional.empty() : files.read(files.previousOf(file.get()));
            }
        }
        return needed;
    }

    /** What is kept must be on the device before what it replaces goes, whatever the durability. */
    private void removeBelow(ObjectFiles files, Rev kept, Set<Rev> needed) throws IOException {
        boolean forced = false;
        RevisionGroups groups = RevisionGroups.oldestFirst(disk, files.directory(), 0);
        for (Optional<List<Rev>> group = groups.next(); group.isPresent(); group = groups.next()) {
            for (Rev rev : group.get()) {
                if (rev.number() >= kept.number() || stopped) {
                    return;
                }
                if (!needed.contains(rev)) {
                    if (!forced) {
                        force(files.file(kept));
                        forced = true;
                    }
                    remove(files.file(rev));
                }
            }
        }
    }

    private void force(Path file) throws IOException {
        disk.force(file);
        directories.force(file);
    }

    private void remove(Path file) throws IOException {
        disk.delete(file);
        removed++;
        if (removed % FILES_PER_PAUSE == 0) {
            LockSupport.parkNanos(PAUSE_NANOS);
            stopped = !goOn.getAsBoolean();
        }
    }
}
