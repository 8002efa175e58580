package dev.covey.examples.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A table of SQLite in WAL mode; every statement is its own transaction. */
final class SqliteObjects implements KeptObjects {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int BUSY_MILLIS = 60_000;

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement select;
    private final PreparedStatement update;

    SqliteObjects(Path directory, String synchronous) throws SQLException {
        connection = connect(directory, synchronous);
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists objects (id text primary key, revision integer, value text)");
        }
        insert = connection.prepareStatement("insert into objects values (?, 1, ?)");
        select = connection.prepareStatement("select value from objects where id = ?");
        update = connection.prepareStatement(
                "update objects set value = ?, revision = revision + 1 where id = ? and revision = ?");
    }

    static Connection connect(Path directory, String synchronous) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("sqlite.db"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("pragma busy_timeout = " + BUSY_MILLIS);
            statement.execute("pragma journal_mode = wal");
            statement.execute("pragma synchronous = " + synchronous);
        }
        return connection;
    }

    @Override
    public String create(String id, JsonNode value) throws SQLException, IOException {
        insert.setString(1, id);
        insert.setString(2, MAPPER.writeValueAsString(value));
        insert.executeUpdate();
        return "1";
    }

    @Override
    public JsonNode get(String id) throws SQLException, IOException {
        select.setString(1, id);
        try (ResultSet found = select.executeQuery()) {
            return MAPPER.readTree(found.getString(1));
        }
    }

    @Override
    public String update(String id, JsonNode value, String revision) throws SQLException, IOException {
        long number = Long.parseLong(revision);
        update.setString(1, MAPPER.writeValueAsString(value));
        update.setString(2, id);
        update.setLong(3, number);
        if (update.executeUpdate() != 1) {
            throw new SQLException(id + ": revision " + revision + " is not the newest");
        }
        return String.valueOf(number + 1);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
