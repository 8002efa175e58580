package dev.covey.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Where a store puts what is damaged or does not belong (rule F4): out of the way, and never away.
 *
 * <pre>
 *  .quarantine/visits/302-2351…~71-1f     what was in the way in the object's directory
 *  .quarantine/visits.json                what was found last about the object, and with which revision it goes on
 *  .quarantine/.store/checkpoint.json~71-20
 * </pre>
 */
final class Quarantine {
    static final String DIRECTORY = ".quarantine";

    /** More objects than this are not listed. */
    static final int MOST_LISTED = 10_000;

    private static final String OF_THE_STORE = ".store";
    private static final String NOTE = ".json";
    private static final int MAX_NOTE_BYTES = 1 << 16;
    private static final int MAX_FOUND_CHARS = 2_048;
    private static final ToldOnce LOG = new ToldOnce(System.getLogger(Quarantine.class.getName()));

    private final Disk disk;
    private final Path store;

    Quarantine(Disk disk, Path store) {
        this.disk = disk;
        this.store = store;
    }

    /** Opens the directory of all objects; a file that has its name is put aside. */
    static void openObjects(Disk disk, Path store) throws IOException {
        Path objects = store.resolve(ObjectNames.OBJECTS);
        if (disk.kind(objects) == Disk.Kind.FILE) {
            new Quarantine(disk, store).putAside(objects);
        }
        disk.openDirectory(objects);
    }

    /** Moves a file, or whatever has the name of one, out of the way; false if it is gone. */
    boolean putAside(Path what) throws IOException {
        if (disk.kind(what) == Disk.Kind.NOTHING) {
            return false;
        }
        Path directory = directory().resolve(ownerOf(what));
        disk.makeDirectories(directory);
        Path name = directory.resolve(what.getFileName() + "~" + ObjectNames.token());
        LOG.warn(what + " does not belong there, or is damaged, and is now " + name);
        disk.replace(what, name);
        return true;
    }

    private String ownerOf(Path what) {
        Path objects = store.resolve(ObjectNames.OBJECTS);
        boolean ofObject = what.startsWith(objects) && !what.equals(objects);
        return ofObject ? objects.relativize(what).getName(0).toString() : OF_THE_STORE;
    }

    private Path directory() {
        return store.resolve(DIRECTORY);
    }

    /** Notes what was found about an object, in the place of what was found before. */
    void note(String object, long revision, String found) throws IOException {
        LOG.warn("object \"" + object + "\" of " + store + ": " + found
                + (revision == 0 ? "; the mesh goes on without its files" : "; it goes on with revision " + revision));
        String shortened = found.substring(0, Math.min(found.length(), MAX_FOUND_CHARS));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("object", object)
                .put("revision", revision)
                .put("time", TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()))
                .put("found", shortened);
        disk.makeDirectories(directory());
        Path unpublished = directory().resolve(ObjectNames.unpublished());
        disk.create(unpublished, List.of(RevisionFormat.value(json)).iterator());
        disk.replace(unpublished, directory().resolve(ObjectNames.directory(object) + NOTE));
    }

    /** What was noted, in the order of the files' names. */
    List<Quarantined> list() throws IOException {
        List<Quarantined> found = new ArrayList<>();
        for (String name : new TreeSet<>(disk.list(directory()))) {
            if (name.endsWith(NOTE) && !name.startsWith(".") && found.size() < MOST_LISTED) {
                read(directory().resolve(name), found);
            }
        }
        return found;
    }

    private void read(Path note, List<Quarantined> found) {
        try {
            JsonNode json = RevisionFormat.parse(note, disk.read(note, 0, MAX_NOTE_BYTES));
            found.add(new Quarantined(
                    json.path("object").asText(),
                    json.path("revision").asLong(),
                    json.path("time").asLong(),
                    json.path("found").asText()));
        } catch (IOException | StoreException unreadable) {
            LOG.warn("passed over: " + Objects.requireNonNullElse(unreadable.getMessage(), note.toString()));
        }
    }
}
