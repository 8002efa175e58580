package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Takes out of a store what stands in the way of a start. Nothing is deleted: it gets another name in the same store. */
final class Repairing {
    private final Disk disk;
    private final Path store;
    private final ObjectWriter writer;

    Repairing(Disk disk, Path store) {
        this.disk = disk;
        this.store = store;
        this.writer = new ObjectWriter(disk, store, StoreOptions.DEFAULT);
    }

    /**
     * One rename, so it is done or not. Asked for the owner again after it: who joined meanwhile has mapped what was moved, and
     * is told.
     */
    RepairReport journalAside() throws IOException {
        writer.requireNoMesh();
        Path journal = store.resolve(JournalNames.DIRECTORY);
        List<String> files = disk.list(journal).stream().sorted().toList();
        if (!disk.exists(journal)) {
            return new RepairReport(Optional.empty(), List.of());
        }
        Path aside = store.resolve(JournalNames.directoryAside());
        disk.replace(journal, aside);
        disk.forceDirectory(store);
        return new RepairReport(Optional.of(aside), files);
    }
}
