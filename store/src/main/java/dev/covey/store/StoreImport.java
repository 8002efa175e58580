package dev.covey.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.patch.FrozenTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes in what the store's ancestors have written. A revision of multiprocess-store counts from 0 and ours from 1; its hex
 * digits are kept, so that two stores that import the same folder have the same revisions.
 */
final class StoreImport {
    private static final Pattern REVISION = Pattern.compile("(\\d{1,14})-([0-9a-f]*)");
    private static final String AUTHOR = "import";

    private final Disk disk;
    private final Path objects;
    private final ObjectWriter writer;

    StoreImport(Disk disk, Path objects, ObjectWriter writer) {
        this.disk = disk;
        this.objects = objects;
        this.writer = writer;
    }

    int run(Path source) throws IOException {
        List<String> names = disk.list(source);
        if (names.isEmpty()) {
            return importMemSync(source);
        }
        int imported = 0;
        StoreException damage = null;
        for (String name : new java.util.TreeSet<>(names)) {
            try {
                imported += name.startsWith(".") ? 0 : importObject(source.resolve(name), name);
            } catch (NotRegularFileException | StoreException damaged) {
                damage = damage == null ? problemOf(damaged) : damage;
            }
        }
        if (damage != null) {
            throw damage;
        }
        return imported;
    }

    /** Of a damaged object; what concerns all is thrown at once. */
    private static StoreException problemOf(Exception damaged) {
        StoreException problem =
                damaged instanceof StoreException known ? known : StoreException.of("import", (IOException) damaged);
        if (problem.code() != StoreCode.CORRUPT) {
            throw problem;
        }
        return problem;
    }

    private int importObject(Path folder, String name) throws IOException {
        Map<Rev, Path> files = new TreeMap<>();
        for (String each : disk.list(folder)) {
            Matcher match = REVISION.matcher(each);
            if (match.matches()) {
                Path file = folder.resolve(each);
                files.put(new Rev(Long.parseLong(match.group(1)) + 1, digest(match.group(2), file)), file);
            }
        }
        int imported = 0;
        List<Rev> earlier = new ArrayList<>();
        for (Map.Entry<Rev, Path> entry : files.entrySet()) {
            JsonNode json = read(entry.getValue());
            String id = json.path("_id").asText(name);
            imported += publish(id, entry.getKey(), parentOf(entry.getKey(), earlier), json, entry.getValue()) ? 1 : 0;
            earlier.add(entry.getKey());
        }
        return imported;
    }

    private String digest(String found, Path file) throws IOException {
        return found.length() == Rev.DIGEST_LENGTH
                ? found
                : RevDigest.ofText(disk.read(file, 0, RevisionFormat.MAX_FILE_BYTES));
    }

    /** The ancestors do not say what a revision follows: the winner of the number below is taken. */
    private static String parentOf(Rev rev, List<Rev> earlier) {
        for (int i = earlier.size() - 1; i >= 0; i--) {
            if (earlier.get(i).number() < rev.number()) {
                return earlier.get(i).toString();
            }
        }
        return "";
    }

    private int importMemSync(Path file) throws IOException {
        JsonNode json = read(file);
        JsonNode data = json.get("data");
        if (data == null || !json.has("version") || !json.has("timestamp")) {
            throw StoreException.corrupt(
                    file, 0, "expected {\"data\", \"version\", \"timestamp\"} or a folder of objects");
        }
        String name = String.valueOf(file.getFileName());
        String id = name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name;
        Rev rev = new Rev(Math.max(1, json.get("version").asLong()), RevDigest.ofText(RevisionFormat.value(json)));
        return publish(id, rev, "", data, file) ? 1 : 0;
    }

    private JsonNode read(Path file) throws IOException {
        return RevisionFormat.parse(file, disk.read(file, 0, RevisionFormat.MAX_FILE_BYTES));
    }

    private boolean publish(String id, Rev rev, String previous, JsonNode json, Path file) throws IOException {
        long millis = Math.min(disk.modifiedMillis(file), System.currentTimeMillis());
        long time = TimeUnit.MILLISECONDS.toMicros(millis);
        StoredRevision revision =
                new StoredRevision(rev.number(), rev.toString(), AUTHOR, time, 0, 0, null, false, List.of());
        ObjectFiles files = new ObjectFiles(disk, objects, id);
        byte[] bytes = RevisionFormat.file(
                id,
                rev,
                rev.number(),
                previous,
                List.of(RevisionFormat.line(revision)),
                FrozenTree.freeze(ObjectWriter.withoutNames(json)));
        boolean isNew = files.publish(rev, rev.number(), bytes);
        writer.force(files.file(rev));
        return isNew;
    }
}
