package dev.covey.mesh.local;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The control file, 4,096 bytes, little-endian:
 *
 * <pre>
 *      0  magic          8 bytes  "COVEYCTL"
 *      8  wire version   4
 *     12  options length 4
 *     16  life id       16
 *     32  birth epoch    8        full, what the cell said at birth
 *     40  birth position 8
 *     48  checksum       4        CRC32C over bytes 0 to 47 and the options
 *    256  commit cell    8        from here on each word has two cache lines to itself:
 *    512  beat           8        counts the host's signs of life; any value, and only another one means anything
 *    768  flags          8
 *   1024  epoch          8        full; a hint, never above the cell's
 *   1280  witness        8        a value that the cell has had, written after it: never ahead of the cell
 *   1536  wanted         8        a snapshot beyond this position is wished for; only ever grows
 *   2048  options        up to 2,048 bytes, opaque
 * </pre>
 *
 * The first 52 bytes and the options never change after birth, in place or meaning, in any version: so a member of
 * another version can still say which version it met.
 */
final class ControlFormat {
    static final int LENGTH = 4096;
    static final int OPTIONS_LIMIT = 2048;
    static final int CELL = 256;
    static final int BEAT = 512;
    static final int FLAGS = 768;
    static final int EPOCH = 1024;
    static final int WITNESS = 1280;
    static final int WANTED = 1536;

    private static final long MAGIC = 0x4C54_4359_4556_4F43L;
    private static final int VERSION_AT = 8;
    private static final int OPTIONS_LENGTH_AT = 12;
    private static final int LIFE_AT = 16;
    private static final int BIRTH_EPOCH_AT = 32;
    private static final int BIRTH_POSITION_AT = 40;
    private static final int CHECKSUM_AT = 48;
    private static final int OPTIONS_AT = 2048;

    private ControlFormat() {}

    /** A whole file as it is at birth. */
    static ByteBuffer encode(ControlFile.Birth birth, long cell) {
        ByteBuffer page = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        byte[] options = birth.options();
        page.putLong(0, MAGIC);
        page.putInt(VERSION_AT, birth.version());
        page.putInt(OPTIONS_LENGTH_AT, options.length);
        page.putLong(LIFE_AT, birth.lifeId().high());
        page.putLong(LIFE_AT + Long.BYTES, birth.lifeId().low());
        page.putLong(BIRTH_EPOCH_AT, birth.epoch());
        page.putLong(BIRTH_POSITION_AT, birth.position());
        page.put(OPTIONS_AT, options);
        page.putLong(CELL, cell);
        page.putLong(WITNESS, cell);
        page.putLong(EPOCH, birth.epoch());
        page.putInt(CHECKSUM_AT, checksum(page, options.length));
        return page;
    }

    /** What the file was born with; refuses bytes that nobody wrote, and another version. */
    static ControlFile.Birth decode(ByteBuffer page, Path file, int version) {
        if (page.getLong(0) != MAGIC) {
            throw corrupt(file, "it does not begin with the magic word of a control file");
        }
        int length = page.getInt(OPTIONS_LENGTH_AT);
        if (length < 0 || length > OPTIONS_LIMIT) {
            throw corrupt(file, "its options claim " + length + " bytes of at most " + OPTIONS_LIMIT);
        }
        int expected = page.getInt(CHECKSUM_AT);
        int found = checksum(page, length);
        if (expected != found) {
            throw corrupt(file, String.format("its checksum says %08x, its bytes say %08x", expected, found));
        }
        requireVersion(file, version, page.getInt(VERSION_AT));
        byte[] options = new byte[length];
        page.get(OPTIONS_AT, options);
        return new ControlFile.Birth(
                new LifeId(page.getLong(LIFE_AT), page.getLong(LIFE_AT + Long.BYTES)),
                version,
                options,
                page.getLong(BIRTH_EPOCH_AT),
                page.getLong(BIRTH_POSITION_AT));
    }

    private static void requireVersion(Path file, int ours, int theirs) {
        if (ours != theirs) {
            throw new MeshException(
                    MeshCode.VERSION_MISMATCH,
                    file + ": the mesh speaks protocol version " + theirs + ", this member speaks version " + ours
                            + "; use the same version of Covey in all members");
        }
    }

    private static int checksum(ByteBuffer page, int optionsLength) {
        CRC32C crc = new CRC32C();
        crc.update(page.duplicate().position(0).limit(CHECKSUM_AT));
        crc.update(page.duplicate().limit(OPTIONS_AT + optionsLength).position(OPTIONS_AT));
        return (int) crc.getValue();
    }

    static MeshException corrupt(Path file, String finding) {
        return new MeshException(
                MeshCode.CORRUPT,
                file + ": " + finding + "; stop all members of this mesh, then remove the directory "
                        + file.getParent());
    }
}
