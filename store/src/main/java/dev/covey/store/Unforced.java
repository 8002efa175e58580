package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/** What was published and is not known to be on the device yet. Does nothing unless forcing is asked for. */
final class Unforced {
    private final Disk disk;
    private final ForcedDirectories directories;
    private final boolean forces;
    private final List<Path> files = new ArrayList<>();

    Unforced(Disk disk, Path objects, boolean forces) {
        this.disk = disk;
        this.directories = new ForcedDirectories(disk, objects);
        this.forces = forces;
    }

    void published(Path file) {
        if (forces) {
            files.add(file);
        }
    }

    int size() {
        return files.size();
    }

    /** What was published up to now, to be forced by whoever gets it. */
    Batch take() {
        List<Path> taken = List.copyOf(files);
        files.clear();
        return () -> force(taken);
    }

    /** Files that are not known to be on the device. */
    interface Batch {
        void force() throws IOException;
    }

    /**
     * The files, then their directories: an entry in a lost directory is lost. A file that retention took needs no force; what
     * it kept instead it has forced.
     */
    private void force(List<Path> published) throws IOException {
        TreeMap<Path, Path> oneOfEach = new TreeMap<>();
        disk.forceAll(published);
        for (Path file : published) {
            oneOfEach.put(Objects.requireNonNull(file.getParent()), file);
        }
        for (Path file : oneOfEach.values()) {
            directories.force(file);
        }
    }
}
