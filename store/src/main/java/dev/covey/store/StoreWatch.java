package dev.covey.store;

import dev.covey.patch.FailureTally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for new revisions and tells a listener. It asks the operating system to be woken; where that cannot be had, or for
 * directories beyond the limit, it looks every {@value #POLL_MILLIS} ms.
 */
public final class StoreWatch implements AutoCloseable {
    /** How often it looks where it is not woken. */
    static final long POLL_MILLIS = 40;

    /** More directories than this are looked at instead; the operating system has a limit too. */
    static final int MAX_WATCHED_DIRECTORIES = 4_096;

    private static final System.Logger LOG = System.getLogger(StoreWatch.class.getName());
    private static final long CLOSE_WAITS_MILLIS = 1_000;

    private final Disk disk;
    private final Path objects;
    private final String only;
    private final Consumer<StoredObject> listener;
    private final @Nullable WatchService service;
    private final Map<Path, WatchKey> watched = new HashMap<>();
    private final Map<String, Rev> newest = new TreeMap<>();
    private final Set<String> unwatched = new TreeSet<>();
    private final FailureTally failures = new FailureTally();
    private final Thread thread;
    private volatile boolean closed;

    private StoreWatch(Disk disk, Path objects, String only, Consumer<StoredObject> listener) {
        this.disk = disk;
        this.objects = objects;
        this.only = only;
        this.listener = listener;
        this.service = disk.watchService();
        this.thread = new Thread(this::run, "covey-store-watch");
        thread.setDaemon(true);
    }

    /** {@code only} is the name of an object's directory, or empty for all. What is there already is not told. */
    static StoreWatch begin(Disk disk, Path objects, String only, Consumer<StoredObject> listener) {
        StoreWatch watch = new StoreWatch(disk, objects, only, listener);
        ObjectStore.reading("watch of " + objects, () -> {
            watch.register(objects, "");
            for (String name : watch.names()) {
                watch.look(name);
            }
            return watch;
        });
        watch.thread.start();
        return watch;
    }

    private List<String> names() throws IOException {
        return only.isEmpty() ? disk.list(objects) : List.of(only);
    }

    private void run() {
        while (!closed) {
            try {
                waitForNames().forEach(this::lookAndTell);
            } catch (ClosedWatchServiceException over) {
                return;
            } catch (InterruptedException interrupted) {
                return;
            } catch (IOException | UncheckedIOException | StoreException e) {
                inVain(objects, e);
            }
        }
    }

    /** What cannot be read of one object concerns nobody who watches another. */
    private void lookAndTell(String name) {
        try {
            if (look(name)) {
                tell(name);
            }
        } catch (IOException | UncheckedIOException | StoreException e) {
            inVain(objects.resolve(name), e);
        }
    }

    private static void inVain(Path what, Exception e) {
        LOG.log(System.Logger.Level.WARNING, "watching " + what + ": looked in vain, will look again", e);
    }

    private Set<String> waitForNames() throws InterruptedException, IOException {
        if (service == null) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            return new TreeSet<>(names());
        }
        Set<String> names = new TreeSet<>(unwatched);
        WatchKey key = service.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        while (key != null) {
            Path directory = (Path) key.watchable();
            boolean overflow = key.pollEvents().stream()
                    .peek(event -> addName(directory, event.context(), names))
                    .anyMatch(event -> event.kind() == StandardWatchEventKinds.OVERFLOW);
            if (overflow) {
                names.addAll(names());
            }
            if (!key.reset()) {
                watched.remove(directory);
            }
            key = service.poll();
        }
        return names;
    }

    private void addName(Path directory, @Nullable Object entry, Set<String> names) {
        Path below = directory.equals(objects)
                ? (entry instanceof Path created ? created : Path.of(""))
                : objects.relativize(directory).getName(0);
        String name = below.toString();
        if (!name.isEmpty() && !name.startsWith(".") && (only.isEmpty() || only.equals(name))) {
            names.add(name);
        }
    }

    /** Whether the object's newest name is another than before; watches where the next one will be. */
    private boolean look(String name) throws IOException {
        Path directory = objects.resolve(name);
        Rev before = newest.get(name);
        boolean registered;
        do {
            Rev now = RevisionGroups.newestFirst(disk, directory)
                    .next()
                    .map(group -> group.get(0))
                    .orElse(null);
            if (now != null) {
                newest.put(name, now);
            }
            registered = registerFrontier(directory, name);
        } while (registered);
        Rev found = newest.get(name);
        return found != null && !found.equals(before);
    }

    /** The directories where the next revision comes or makes a directory: made ones count before they hold anything. */
    private boolean registerFrontier(Path object, String name) throws IOException {
        boolean registered = false;
        for (Path directory : RevisionGroups.frontier(disk, object)) {
            registered |= register(directory, name);
        }
        return registered;
    }

    /** Whether it is newly watched. */
    private boolean register(Path directory, String name) {
        if (service == null || watched.containsKey(directory)) {
            return false;
        }
        if (watched.size() >= MAX_WATCHED_DIRECTORIES) {
            unwatched.add(name);
            return false;
        }
        try {
            watched.put(directory, directory.register(service, StandardWatchEventKinds.ENTRY_CREATE));
            return true;
        } catch (IOException limitOrGone) {
            unwatched.add(name);
            return false;
        }
    }

    private void tell(String name) throws IOException {
        String id = ObjectIds.idOf(disk, objects, name);
        if (id.isEmpty()) {
            return;
        }
        ObjectFiles files = new ObjectFiles(disk, objects, id);
        var file = files.newest();
        if (file.isEmpty()) {
            return;
        }
        StoredObject object = ObjectStore.stored(files, file.get());
        try {
            listener.accept(object);
        } catch (Throwable theirs) {
            failures.failed(
                    "a listener of " + id + " threw; it gets the next one all the same",
                    theirs.getClass(),
                    theirs,
                    System.nanoTime(),
                    (text, trace) -> LOG.log(System.Logger.Level.ERROR, text, trace));
        }
    }

    /** Stops telling; a call of the listener that runs may still end. */
    @Override
    public void close() {
        closed = true;
        try {
            if (service != null) {
                service.close();
            }
            thread.interrupt();
            if (Thread.currentThread() != thread) {
                thread.join(CLOSE_WAITS_MILLIS);
            }
        } catch (IOException e) {
            throw StoreException.of("watch of " + objects, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
