package dev.covey.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.PatchException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A revision file is one JSON object, a line for its head, a line for each revision, a line for the state.
 *
 * <pre>
 * {"covey":1,"id":"visits","revision":17,"_rev":"17-2351…","from":16,"previous":"15-98ab…","run":[
 * {"revision":16,"_rev":"16-…","author":"web-1","time":1795224796123456,"epoch":3,"position":401,"change":[…]},
 * {"revision":17,"_rev":"17-2351…","author":"web-2","time":1795224796123460,"epoch":3,"position":402,"change":[…]}
 * ],"value":{"count":17},
 * "crc32c":"0a1b2c3d"}
 * </pre>
 *
 * The last line is always 21 bytes; the checksum is over all bytes before it. {@code value} is there in a full state;
 * a line may hold {@code "deleted":true} and {@code "closes":["…"]}, and no {@code change} if the state was replaced.
 */
final class RevisionFormat {
    /** The largest file that is read: a full state and a run of changes. */
    static final int MAX_FILE_BYTES = 256 << 20;

    private static final int VERSION = 1;
    private static final byte[] CRC_KEY = "\"crc32c\":\"".getBytes(US_ASCII);
    static final int CRC_LINE_BYTES = 21;
    private static final Limits READ_LIMITS = Limits.DEFAULT.withDepth(Limits.DEEPEST);
    private static final int LEVELS_AROUND_A_VALUE = 8;
    private static final ObjectMapper MAPPER = mapper();

    private RevisionFormat() {}

    private static ObjectMapper mapper() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(Limits.DEEPEST + LEVELS_AROUND_A_VALUE)
                        .build())
                .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    /** The line of one revision, without its line end. */
    static byte[] line(StoredRevision revision) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        try (JsonGenerator json = MAPPER.getFactory().createGenerator(line)) {
            json.writeStartObject();
            json.writeNumberField("revision", revision.number());
            json.writeStringField("_rev", revision.rev());
            json.writeStringField("author", revision.author());
            json.writeNumberField("time", revision.timeMicros());
            json.writeNumberField("epoch", revision.epoch());
            json.writeNumberField("position", revision.position());
            if (revision.deleted()) {
                json.writeBooleanField("deleted", true);
            }
            if (!revision.closes().isEmpty()) {
                json.writeArrayFieldStart("closes");
                for (String closed : revision.closes()) {
                    json.writeString(closed);
                }
                json.writeEndArray();
            }
            if (revision.change() != null) {
                json.writeFieldName("change");
                MAPPER.writeTree(json, revision.change());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory", e);
        }
        return line.toByteArray();
    }

    /** The bytes of a file. */
    static byte[] file(String id, Rev rev, long from, String previous, List<byte[]> lines, @Nullable JsonNode value) {
        ByteArrayOutputStream file = new ByteArrayOutputStream(512);
        try {
            head(file, id, rev, from, previous);
            for (int i = 0; i < lines.size(); i++) {
                file.write(lines.get(i));
                file.write((i + 1 < lines.size() ? ",\n" : "\n").getBytes(US_ASCII));
            }
            file.write(']');
            if (value != null) {
                file.write(",\"value\":".getBytes(US_ASCII));
                file.write(value(value));
            }
            file.write(",\n".getBytes(US_ASCII));
            CRC32C crc = new CRC32C();
            byte[] checked = file.toByteArray();
            crc.update(checked, 0, checked.length);
            file.write(CRC_KEY);
            file.write(String.format("%08x\"}\n", crc.getValue()).getBytes(US_ASCII));
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory", e);
        }
        return file.toByteArray();
    }

    /** The state as it is written. */
    static byte[] value(JsonNode value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory", e);
        }
    }

    private static void head(ByteArrayOutputStream file, String id, Rev rev, long from, String previous)
            throws IOException {
        String head = "{\"covey\":" + VERSION + ",\"id\":" + MAPPER.writeValueAsString(id) + ",\"revision\":"
                + rev.number() + ",\"_rev\":\"" + rev + "\",\"from\":" + from + ",\"previous\":\"" + previous
                + "\",\"run\":[\n";
        file.write(head.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** Any JSON; CORRUPT, naming the file, if it is none. */
    static JsonNode parse(Path file, byte[] bytes) {
        try {
            return MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw new StoreException(StoreCode.CORRUPT, file + ": not JSON (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Reads a file that must be this revision.
     *
     * @throws StoreException CORRUPT, naming the file and what is wrong with it
     */
    static RevisionFile decode(Path file, Rev expected, byte[] bytes) {
        checkSum(file, bytes);
        try {
            JsonNode json = MAPPER.readTree(bytes);
            RevisionFile decoded = decode(json);
            boolean expectedOne = decoded.rev().equals(expected)
                    && decoded.last().rev().equals(expected.toString())
                    && json.path("covey").asInt() == VERSION;
            if (!expectedOne) {
                throw StoreException.corrupt(
                        file,
                        0,
                        "version " + VERSION + " of revision " + expected + " expected, found " + decoded.rev());
            }
            return decoded;
        } catch (IOException | IllegalArgumentException | PatchException e) {
            throw new StoreException(StoreCode.CORRUPT, file + ": not a revision file (" + e.getMessage() + ")", e);
        }
    }

    private static void checkSum(Path file, byte[] bytes) {
        int crcAt = bytes.length - CRC_LINE_BYTES;
        if (crcAt < 0) {
            throw StoreException.corrupt(file, bytes.length, "the file is torn");
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, crcAt);
        String expected = "\"crc32c\":\"" + String.format("%08x", crc.getValue()) + "\"}\n";
        String found = new String(bytes, crcAt, CRC_LINE_BYTES, java.nio.charset.StandardCharsets.ISO_8859_1);
        if (!found.equals(expected)) {
            throw StoreException.corrupt(file, crcAt, "the checksum of the bytes before is not the one written here");
        }
    }

    /** Whether what may be the end of a file is one; what is large and no revision file is not read as a whole. */
    static boolean isEnd(byte[] bytes) {
        int key = bytes.length - CRC_LINE_BYTES;
        return key >= 0 && Arrays.equals(bytes, key, key + CRC_KEY.length, CRC_KEY, 0, CRC_KEY.length);
    }

    private static RevisionFile decode(JsonNode json) {
        List<StoredRevision> run = new ArrayList<>();
        for (JsonNode line : json.withArray("run")) {
            run.add(revision(line));
        }
        checkInOrder(run);
        checkFollows(text(json, "previous"), run.get(0).number());
        JsonNode value = json.get("value");
        return new RevisionFile(
                text(json, "id"),
                rev(text(json, "_rev")),
                text(json, "previous"),
                List.copyOf(run),
                value == null ? null : FrozenTree.freeze(value, READ_LIMITS));
    }

    private static void checkInOrder(List<StoredRevision> run) {
        if (run.isEmpty()) {
            throw new IllegalArgumentException("no revision in it");
        }
        for (int i = 0; i < run.size(); i++) {
            if (run.get(i).number() != run.get(0).number() + i) {
                throw new IllegalArgumentException("revision " + run.get(i).number() + " is out of order");
            }
        }
    }

    /** What follows itself has no beginning. */
    private static void checkFollows(String previous, long from) {
        if (from < 1 || (!previous.isEmpty() && rev(previous).number() >= from)) {
            throw new IllegalArgumentException("revision " + from + " cannot follow \"" + previous + "\"");
        }
    }

    private static StoredRevision revision(JsonNode line) {
        List<String> closes = new ArrayList<>();
        for (JsonNode closed : line.path("closes")) {
            closes.add(rev(closed.asText()).toString());
        }
        return new StoredRevision(
                line.path("revision").asLong(),
                rev(text(line, "_rev")).toString(),
                text(line, "author"),
                line.path("time").asLong(),
                line.path("epoch").asLong(),
                line.path("position").asLong(),
                line.get("change"),
                line.path("deleted").asBoolean(),
                closes);
    }

    private static String text(JsonNode json, String field) {
        JsonNode found = json.get(field);
        if (found == null || !found.isTextual()) {
            throw new IllegalArgumentException("\"" + field + "\" is missing or no text");
        }
        return found.textValue();
    }

    private static Rev rev(String text) {
        return Rev.parse(text).orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is no revision name"));
    }
}
