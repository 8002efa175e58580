package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What was published and is not known to be on the device yet. Does nothing unless forcing is asked for. */
final class Unforced {
    private final Disk disk;
    private final Path objects;
    private final boolean forces;
    private final List<Path> files = new ArrayList<>();

    Unforced(Disk disk, Path objects, boolean forces) {
        this.disk = disk;
        this.objects = objects;
        this.forces = forces;
    }

    void published(Path file) {
        if (forces) {
            files.add(file);
        }
    }

    /** The files, then their directories, up to the one of all objects: an entry in a lost directory is lost. */
    void force() throws IOException {
        TreeSet<Path> directories = new TreeSet<>();
        for (Path file : files) {
            disk.force(file);
            Path directory = file.getParent();
            while (directory != null && directory.startsWith(objects) && directories.add(directory)) {
                directory = directory.getParent();
            }
        }
        for (Path directory : directories) {
            disk.forceDirectory(directory);
        }
        files.clear();
    }
}
