package dev.covey.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The objects whose files cannot be written, while those of others can: somebody took the permission, or made something else
 * of the directory. They are tried again now and then. Belongs to the checkpointer's thread.
 */
final class OutOfReach {
    /** From one attempt to the next. */
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Disk disk;
    private final Path store;
    private final Map<String, Long> nextTry = new HashMap<>();

    OutOfReach(Disk disk, Path store) {
        this.disk = disk;
        this.store = store;
    }

    boolean isTimeFor(String id) {
        Long next = nextTry.get(id);
        return next == null || System.nanoTime() - next >= 0;
    }

    void add(String id, Exception why) throws IOException {
        if (nextTry.put(id, System.nanoTime() + RETRY_NANOS) == null) {
            new Quarantine(disk, store).note(id, 0, reason(why));
        }
    }

    void remove(String id) {
        nextTry.remove(id);
    }

    static String reason(Exception failed) {
        return Objects.requireNonNullElse(failed.getMessage(), failed.toString());
    }

    /**
     * Throws on what the whole disk suffers from: it is full, too many files are open, or the directory of all objects cannot
     * be written either. Then the journal waits.
     */
    void requireConcernsOnlyOne(Exception failed) throws IOException {
        if (failed instanceof StoreException problem && isOfTheDisk(problem)) {
            throw problem;
        }
        if (failed instanceof IOException broken) {
            requireConcernsOnlyOne(broken);
        }
    }

    private static boolean isOfTheDisk(StoreException problem) {
        return problem.code() == StoreCode.STORE_FULL || problem.code() == StoreCode.STORE_FAILED;
    }

    private void requireConcernsOnlyOne(IOException failed) throws IOException {
        boolean mayBeOne = failed instanceof AccessDeniedException || failed instanceof NotRegularFileException;
        if (!mayBeOne) {
            throw failed;
        }
        Path probe = store.resolve(ObjectNames.OBJECTS).resolve(ObjectNames.unpublished());
        disk.create(probe, java.util.Collections.emptyIterator());
        disk.delete(probe);
    }
}
