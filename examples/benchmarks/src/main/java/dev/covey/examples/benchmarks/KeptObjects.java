package dev.covey.examples.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * JSON objects on disk by their id, each with a revision that an update must name. Every call has returned when the change
 * has the durability asked for.
 */
interface KeptObjects extends AutoCloseable {
    /** Returns the revision. */
    String create(String id, JsonNode value) throws SQLException, IOException;

    JsonNode get(String id) throws SQLException, IOException;

    /** Returns the next revision; fails if this one is not the newest. */
    String update(String id, JsonNode value, String revision) throws SQLException, IOException;

    @Override
    void close() throws SQLException;

    /** By the name in the table. */
    static KeptObjects open(String contender, Path directory) throws SQLException, IOException {
        return switch (contender) {
            case "covey OS", "covey FSYNC" -> new CoveyObjects(directory, contender.endsWith("FSYNC"));
            case "sqlite OFF", "sqlite NORMAL", "sqlite FULL" ->
                new SqliteObjects(directory, contender.substring("sqlite ".length()));
            case "mvstore commit", "mvstore sync" -> new MvStoreObjects(directory, contender.endsWith("sync"));
            default -> throw new IllegalArgumentException("no such contender: " + contender);
        };
    }

    /** About 200 bytes. */
    static JsonNode document(int number) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("count", number).put("name", "a thing of number " + number);
        document.put("note", "some text that is as long as the notes of people are");
        document.putObject("place").put("street", "Long Lane " + number).put("city", "Ely");
        document.putArray("tags").add("one").add("two").add("three");
        return document;
    }
}
