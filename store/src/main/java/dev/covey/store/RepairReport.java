package dev.covey.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@link ObjectStore#repair} did. Nothing was deleted.
 *
 * @param aside the directory in the store where it is now; empty if there was nothing to put aside
 * @param files the names of the files that were put there
 */
public record RepairReport(Optional<Path> aside, List<String> files) {
    public RepairReport {
        files = List.copyOf(files);
    }
}
