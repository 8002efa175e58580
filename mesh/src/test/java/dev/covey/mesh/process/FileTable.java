package dev.covey.mesh.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Every kind of file and directory that Covey makes, and what is expected when one is harmed: the table in README.md. */
final class FileTable {
    private static final Path README = Path.of("README.md");
    private static final int COLUMNS = 8;
    private static final int FIRST_HARM = 3;
    private static final Map<String, String> PLACES = Map.ofEntries(
            Map.entry("MESH", "BASE/every"),
            Map.entry("BOOT", "[0-9a-f-]{36}"),
            Map.entry("SEAT", "[0-9a-f]{32}"),
            Map.entry("MEMBER", "[0-9a-f]{32}[.][^/]+"),
            Map.entry("BELL", "b[0-9a-f]{8}"),
            Map.entry("NUMBER", "[0-9]+"),
            Map.entry("HEX", "[0-9a-f]+"),
            Map.entry("SEGMENT", "[0-9]+-[0-9]+"),
            Map.entry("SNAPSHOT", "[0-9]+-[0-9]+"),
            Map.entry("REVISION", "[0-9]+-[0-9a-f]{32}"),
            Map.entry("NAME", "[a-z0-9-]+"),
            Map.entry("ANY", "[^/]+"));

    /**
     * A row.
     *
     * @param name of the kind, for people
     * @param with "store", "memory" or "both", and whether only sometimes
     * @param path with words in capitals for what differs
     * @param harms what is expected of each harm: alive / dead
     */
    record Kind(String name, String with, String path, Map<FileHarm, String> harms) {
        boolean isThere(boolean store) {
            return with.startsWith("both") || with.startsWith(store ? "store" : "memory");
        }

        /** Whether a mesh need not have one. */
        boolean isRare() {
            return with.endsWith("sometimes");
        }

        /** The words of which one must come true; empty if there is nothing to do. */
        Set<String> expected(FileHarm harm, boolean alive) {
            String[] cell = String.valueOf(harms.get(harm)).split("/", -1);
            String words = cell.length == 1 || alive ? cell[0] : cell[1];
            boolean nothing = words.trim().equals("–") || (cell.length == 1 && !alive);
            return nothing
                    ? Set.of()
                    : Arrays.stream(words.trim().split(" or ", -1)).collect(Collectors.toCollection(TreeSet::new));
        }

        boolean matches(String found, long epoch) {
            String pattern = Pattern.compile("[.]")
                    .matcher(path)
                    .replaceAll("[.]")
                    .replace("EPOCH", Long.toString(epoch))
                    .replace("NEXT", Long.toString(epoch + 1));
            for (Map.Entry<String, String> place : PLACES.entrySet()) {
                pattern = pattern.replace(place.getKey(), place.getValue());
            }
            return found.matches(pattern);
        }
    }

    private static final Pattern WAITING = Pattern.compile("- `([^`]+)`.*");

    private final List<Kind> kinds;
    private final Set<String> waiting;

    private FileTable(List<Kind> kinds, Set<String> waiting) {
        this.kinds = kinds;
        this.waiting = waiting;
    }

    /** Whether README.md says below the table that the product does not do so yet. */
    boolean isWaiting(Case each) {
        return waiting.contains(each.toString());
    }

    static FileTable read() {
        try {
            List<Kind> found = new ArrayList<>();
            Set<String> waiting = new TreeSet<>();
            for (String line : Files.readAllLines(README)) {
                List<String> cells = Arrays.stream(line.split("\\|", -1))
                        .map(String::trim)
                        .skip(1)
                        .toList();
                Matcher known = WAITING.matcher(line);
                if (known.matches()) {
                    waiting.add(known.group(1));
                }
                if (cells.size() == COLUMNS + 1 && cells.get(2).startsWith("`")) {
                    found.add(new Kind(
                            cells.get(0),
                            cells.get(1),
                            cells.get(2).replace("`", ""),
                            harms(cells.subList(FIRST_HARM, COLUMNS))));
                }
            }
            return new FileTable(found, waiting);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Map<FileHarm, String> harms(List<String> cells) {
        Map<FileHarm, String> harms = new EnumMap<>(FileHarm.class);
        Iterator<String> each = cells.iterator();
        for (FileHarm harm : FileHarm.values()) {
            harms.put(harm, each.next());
        }
        return harms;
    }

    /** The first row that a path of such a mesh belongs to. */
    Optional<Kind> kindOf(String path, boolean store, long epoch) {
        return kinds.stream()
                .filter(kind -> kind.isThere(store) && kind.matches(path, epoch))
                .findFirst();
    }

    /** One combination. */
    record Case(Kind kind, FileHarm harm, boolean alive, boolean store) {
        @Override
        public String toString() {
            return kind.name() + ", " + harm.name().toLowerCase(Locale.ROOT) + ", " + (alive ? "alive" : "dead") + ", "
                    + (store ? "store" : "memory");
        }
    }

    /** All that there are, in the order of the table. */
    List<Case> cases() {
        List<Case> all = new ArrayList<>();
        for (Kind kind : kinds) {
            for (FileHarm harm : FileHarm.values()) {
                for (boolean alive : new boolean[] {true, false}) {
                    for (boolean store : new boolean[] {true, false}) {
                        if (kind.isThere(store) && !kind.expected(harm, alive).isEmpty()) {
                            all.add(new Case(kind, harm, alive, store));
                        }
                    }
                }
            }
        }
        return all;
    }
}
