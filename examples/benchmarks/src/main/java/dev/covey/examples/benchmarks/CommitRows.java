package dev.covey.examples.benchmarks;

import dev.covey.store.Durability;
import dev.covey.store.Journal;
import dev.covey.store.JournalOptions;
import dev.covey.store.JournalWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Batches of records that are durable together: what the host of a mesh does, and transactions of as many rows. */
final class CommitRows {
    private static final int[] BATCHES = {1, 8, 64, 512};
    private static final int PAYLOAD_BYTES = 100;
    private static final double ASKED = 5;
    private static final int WARM_UP_RECORDS = 50_000;
    private static final int WARM_UP_MILLIS = 1_000;

    private CommitRows() {}

    static List<Row> measure(WorkDirectory directory, boolean quick) throws Exception {
        long millis = quick ? 300 : 3_000;
        List<Row> rows = new ArrayList<>();
        Map<Integer, Double> os = covey(Durability.OS, directory, millis, rows);
        Map<Integer, Double> off = sqlite("OFF", directory, millis, rows);
        Map<Integer, Double> normal = sqlite("NORMAL", directory, millis, rows);
        Map<Integer, Double> fsync = covey(Durability.FSYNC, directory, millis, rows);
        Map<Integer, Double> full = sqlite("FULL", directory, millis, rows);
        for (int batch : BATCHES) {
            rows.add(ratio(batch, "covey OS / sqlite OFF", os, off));
            rows.add(ratio(batch, "covey OS / sqlite NORMAL", os, normal));
            rows.add(ratio(batch, "covey FSYNC / sqlite FULL", fsync, full));
        }
        for (int callers : new int[] {8, 64, 512}) {
            rows.add(Row.ratio(
                    "commits of " + callers + " callers who wait",
                    "covey FSYNC / sqlite FULL",
                    fsync.getOrDefault(callers, 0.0) * callers,
                    full.getOrDefault(1, 0.0),
                    ASKED));
        }
        return rows;
    }

    private static Row ratio(int batch, String contenders, Map<Integer, Double> more, Map<Integer, Double> less) {
        return Row.ratio(name(batch), contenders, more.getOrDefault(batch, 0.0), less.getOrDefault(batch, 0.0), ASKED);
    }

    private static String name(int batch) {
        return "commit " + batch + (batch == 1 ? " record" : " records");
    }

    private static Map<Integer, Double> covey(
            Durability durability, WorkDirectory directory, long millis, List<Row> rows) throws Exception {
        Map<Integer, Double> rates = new TreeMap<>();
        byte[] payload = new byte[PAYLOAD_BYTES];
        for (int batch : BATCHES) {
            try (Journal journal = Journal.open(
                            directory.fresh("commits"), JournalOptions.DEFAULT.withDurability(durability));
                    JournalWriter writer = journal.begin(1, 1, new byte[0])) {
                Stopwatch.Step commit = i -> {
                    long committed = writer.position();
                    for (int k = 0; k < batch; k++) {
                        writer.append(writer.position() + 1, committed, 1, i, i, payload, 0, payload.length);
                    }
                    writer.force();
                };
                Stopwatch.repeat(WARM_UP_MILLIS, WARM_UP_RECORDS / batch, commit);
                Stopwatch measured = Stopwatch.repeat(millis, 2_000_000 / batch, commit);
                rows.add(measured.row(name(batch), "covey " + durability));
                rates.put(batch, measured.perSecond());
            }
        }
        return rates;
    }

    private static Map<Integer, Double> sqlite(String synchronous, WorkDirectory directory, long millis, List<Row> rows)
            throws Exception {
        Map<Integer, Double> rates = new TreeMap<>();
        byte[] payload = new byte[PAYLOAD_BYTES];
        for (int batch : BATCHES) {
            try (Connection connection = SqliteObjects.connect(directory.fresh("commits"), synchronous)) {
                connection
                        .createStatement()
                        .execute("create table journal (position integer primary key, record blob)");
                connection.setAutoCommit(false);
                PreparedStatement insert = connection.prepareStatement("insert into journal (record) values (?)");
                Stopwatch.Step commit = i -> {
                    for (int k = 0; k < batch; k++) {
                        insert.setBytes(1, payload);
                        insert.executeUpdate();
                    }
                    connection.commit();
                };
                Stopwatch.repeat(WARM_UP_MILLIS, WARM_UP_RECORDS / batch, commit);
                Stopwatch measured = Stopwatch.repeat(millis, 2_000_000 / batch, commit);
                rows.add(measured.row(name(batch), "sqlite " + synchronous));
                rates.put(batch, measured.perSecond());
            }
        }
        return rates;
    }
}
