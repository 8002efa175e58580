package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which directories are in the directories of an object. Remembers their names, and believes that only while the file
 * system counts as many: directories are only ever added, so as many are the same. Where it does not count them, it looks
 * each time. For any thread.
 */
final class Subdirectories {
    private static final int MAX_REMEMBERED = 16_384;

    private final Disk disk;
    private final Map<Path, List<String>> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, List<String>> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    Subdirectories(Disk disk) {
        this.disk = disk;
    }

    /** The letters in an object's directory. */
    List<String> letters(Path object) throws IOException {
        int count = disk.subdirectories(object);
        if (count == 0) {
            return List.of();
        }
        List<String> known = known(object, count);
        return known != null ? known : remember(object, lettersThere(object));
    }

    /** Asking for each costs less than listing the hundred files beside them. */
    private List<String> lettersThere(Path object) throws IOException {
        List<String> letters = new ArrayList<>();
        for (int depth = 1; depth <= ObjectNames.DEEPEST; depth++) {
            if (disk.exists(object.resolve(ObjectNames.letter(depth)))) {
                letters.add(ObjectNames.letter(depth));
            }
        }
        return letters;
    }

    /** The names of two digits in a directory that has no others. */
    List<String> twoDigits(Path directory) throws IOException {
        List<String> known = known(directory, disk.subdirectories(directory));
        return known != null
                ? known
                : remember(directory, only(disk.list(directory), name -> ObjectNames.asTwoDigits(name) >= 0));
    }

    private static List<String> only(List<String> names, Predicate<String> wanted) {
        return names.stream().filter(wanted).toList();
    }

    private @Nullable List<String> known(Path directory, int count) {
        synchronized (remembered) {
            List<String> names = remembered.get(directory);
            return names != null && names.size() == count ? names : null;
        }
    }

    private List<String> remember(Path directory, List<String> names) {
        synchronized (remembered) {
            remembered.put(directory, names);
        }
        return names;
    }
}
