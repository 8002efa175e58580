package dev.covey.mesh.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A record of a journal whose text says something else, under a checksum that is right: {@code RecordLayout} in the store
 * draws it. The length stands at 0 and again at 8, the checksum of what follows at 4.
 */
final class ForgedRecord {
    private static final int HEADER = 64;

    private final Path segment;
    private final int at;
    private final byte[] original;

    private ForgedRecord(Path segment, int at, byte[] original) {
        this.segment = segment;
        this.at = at;
        this.original = original;
    }

    /** Both texts must be of one length, and the first in one record. */
    static ForgedRecord in(Path journal, String honest, String forged) throws IOException {
        List<Path> segments;
        try (var files = Files.list(journal)) {
            segments =
                    files.filter(file -> file.toString().endsWith(".segment")).toList();
        }
        for (Path segment : segments) {
            byte[] bytes = Files.readAllBytes(segment);
            int found = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(honest);
            if (found >= 0) {
                return forge(segment, bytes, found, forged);
            }
        }
        throw new IllegalStateException("\"" + honest + "\" stands nowhere in " + segments);
    }

    private static ForgedRecord forge(Path segment, byte[] bytes, int found, String forged) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = (found - HEADER) & -8; at >= 0; at -= 8) {
            int length = file.getInt(at);
            boolean around = length >= HEADER && at + length > found && at + length <= bytes.length;
            if (around && file.getInt(at + 8) == length && file.getInt(at + 4) == crc(bytes, at, length)) {
                ForgedRecord record = new ForgedRecord(segment, at, Arrays.copyOfRange(bytes, at, at + length));
                file.put(found, forged.getBytes(StandardCharsets.ISO_8859_1));
                file.putInt(at + 4, crc(bytes, at, length));
                record.write(Arrays.copyOfRange(bytes, at, at + length));
                return record;
            }
        }
        throw new IllegalStateException("no record in " + segment + " is around byte " + found);
    }

    private static int crc(byte[] bytes, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at + 8, length - 8);
        return (int) crc.getValue();
    }

    private void write(byte[] record) throws IOException {
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(record), at);
        }
    }

    /** As it was. */
    void undo() throws IOException {
        write(original);
    }
}
