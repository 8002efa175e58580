package dev.covey.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * One small file that says up to which position all revision files are written. Replaced in one step; a mark that is too
 * low, or torn, costs reading some records again and nothing else.
 *
 * <pre>{"position":401,"crc32c":"0a1b2c3d"}</pre>
 */
final class CheckpointMark {
    static final String NAME = "checkpoint.json";
    private static final Pattern FORM =
            Pattern.compile("(\\{\"position\":(\\d{1,18}),)\"crc32c\":\"([0-9a-f]{8})\"}\n");
    private static final int MAX_BYTES = 256;

    private CheckpointMark() {}

    static long read(Disk disk, Path store) throws IOException {
        try {
            byte[] bytes = disk.read(store.resolve(NAME), 0, MAX_BYTES);
            Matcher match = FORM.matcher(new String(bytes, US_ASCII));
            boolean whole = match.matches() && match.group(3).equals(checksum(match.group(1)));
            return whole ? Long.parseLong(match.group(2)) : 0;
        } catch (NoSuchFileException | NotRegularFileException | AccessDeniedException none) {
            return 0;
        }
    }

    static void write(Disk disk, Path store, long position, boolean force) throws IOException {
        String body = "{\"position\":" + position + ",";
        byte[] bytes = (body + "\"crc32c\":\"" + checksum(body) + "\"}\n").getBytes(US_ASCII);
        Path unpublished = store.resolve(ObjectNames.unpublished());
        try {
            disk.create(unpublished, List.of(bytes).iterator());
            if (force) {
                disk.force(unpublished);
            }
            makeWay(disk, store);
            disk.replace(unpublished, store.resolve(NAME));
        } catch (IOException e) {
            disk.delete(unpublished);
            throw e;
        }
        if (force) {
            disk.forceDirectory(store);
        }
    }

    /** Of something else that has the mark's name; a directory could not be replaced. */
    private static void makeWay(Disk disk, Path store) throws IOException {
        Disk.Kind found = disk.kind(store.resolve(NAME));
        if (found == Disk.Kind.DIRECTORY || found == Disk.Kind.OTHER) {
            new Quarantine(disk, store).putAside(store.resolve(NAME));
        }
    }

    private static String checksum(String body) {
        CRC32C crc = new CRC32C();
        byte[] bytes = body.getBytes(US_ASCII);
        crc.update(bytes, 0, bytes.length);
        return String.format("%08x", crc.getValue());
    }
}
