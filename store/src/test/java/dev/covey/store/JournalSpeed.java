package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Prints what an append and a read cost: {@code java -cp … dev.covey.store.JournalSpeed [directory]}. */
final class JournalSpeed {
    private static final int RECORDS = 2_000_000;
    private static final int PAYLOAD_BYTES = 100;
    private static final int ROUNDS = 3;

    private JournalSpeed() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = arguments.length > 0 ? Path.of(arguments[0]) : TemporaryDirectory.make("journal-speed");
        byte[] payload = new byte[PAYLOAD_BYTES];
        try (Journal journal = Journal.open(directory, JournalOptions.DEFAULT)) {
            long position = 0;
            for (int epoch = 1; epoch <= ROUNDS; epoch++) {
                long began = System.nanoTime();
                JournalWriter writer = journal.begin(epoch, position + 1, new byte[0]);
                for (int i = 0; i < RECORDS; i++) {
                    writer.append(position + 1, position, 1, i, 1, payload, 0, payload.length);
                    position++;
                }
                long appended = System.nanoTime();
                JournalReader reader = journal.reader(position - RECORDS);
                while (reader.next(epoch, position)) {
                    reader.payload();
                }
                long read = System.nanoTime();
                System.out.printf(
                        Locale.ROOT,
                        "append %.0f ns, read %.0f ns a record of %d bytes%n",
                        (appended - began) / (double) RECORDS,
                        (read - appended) / (double) RECORDS,
                        PAYLOAD_BYTES);
                reader.close();
                journal.removeBelow(position + 1, epoch);
            }
        }
    }
}
