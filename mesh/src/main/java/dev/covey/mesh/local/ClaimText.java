package dev.covey.mesh.local;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.local.StoreClaim.Owner;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What {@code .mesh} in a store says: who owns it, and, while it is taken over from a former owner, who that was and where
 * its commit cell was closed.
 *
 * <p>The file has two places of 8 KiB, and each text goes where the one before the last was. A death halfway leaves a text
 * whose checksum fails beside the one before, which still holds; never one that says nobody. (The locks are on this file, so
 * it cannot be replaced by another one.)
 *
 * <pre>
 *  covey-owner-2 SEQUENCE CRC32C LIFE BOOT STORE URI[ closing LIFE BOOT CELL URI] end\n
 *  covey-owner LIFE BOOT DIRECTORY end\n                              version 1, which is still read
 * </pre>
 *
 * SEQUENCE grows with each text, CRC32C is over all but itself, STORE is device and inode of the store directory (in a copy
 * of a store the text speaks of another one), URI is a mesh directory. The control file is not named: it holds the life id
 * itself, which is drawn anew for each.
 *
 * @param sequence of this text
 * @param owner whose store it is
 * @param store identity of the store directory; empty in version 1, which says none
 * @param closing what is being taken over, or null
 */
record ClaimText(
        long sequence, Owner owner, String store, @Nullable Closing closing) {
    /** Room for one text, in bytes. */
    static final int PLACE = 8_192;

    /** The first text of a new file stands at its beginning. */
    private static final long FIRST = 2;

    private static final String LIFE = "([0-9a-f]{32})";
    private static final String BOOT = "([0-9a-f-]{36})";
    private static final Pattern TEXT = Pattern.compile("(covey-owner-2 (\\d{1,18})) ([0-9a-f]{8})( " + LIFE + " "
            + BOOT + " ([0-9a-fx]*) (\\S+)( closing " + LIFE + " " + BOOT + " ([0-9a-f]{16}) (\\S+))? end\n)");
    private static final Pattern VERSION_1 =
            Pattern.compile("covey-owner " + LIFE + " " + BOOT + " (.{1,2048}) end\n", Pattern.DOTALL);

    /**
     * A former owner whose commit cell is being closed, and whose journal is carried up to there.
     *
     * @param former owner of the store
     * @param cell the value that is closed, and no other
     */
    record Closing(Owner former, long cell) {}

    /** The newest whole text in the file; empty if there is none. */
    static Optional<ClaimText> newest(String file) {
        ClaimText newest = null;
        Matcher found = TEXT.matcher(file);
        while (found.find()) {
            ClaimText text = checked(found);
            newest = text != null && (newest == null || text.sequence > newest.sequence) ? text : newest;
        }
        return newest == null ? version1(file) : Optional.of(newest);
    }

    private static @Nullable ClaimText checked(Matcher found) {
        if (!found.group(3).equals(checksum(found.group(1), found.group(4)))) {
            return null;
        }
        Closing closing = found.group(9) == null
                ? null
                : new Closing(
                        owner(found.group(10), found.group(11), path(found.group(13))),
                        Long.parseUnsignedLong(found.group(12), 16));
        return new ClaimText(
                Long.parseLong(found.group(2)),
                owner(found.group(5), found.group(6), path(found.group(8))),
                found.group(7),
                closing);
    }

    private static Optional<ClaimText> version1(String file) {
        int end = file.indexOf('\0');
        Matcher found = VERSION_1.matcher(end < 0 ? file : file.substring(0, end));
        return found.matches()
                ? Optional.of(
                        new ClaimText(0, owner(found.group(1), found.group(2), Path.of(found.group(3))), "", null))
                : Optional.empty();
    }

    private static Owner owner(String life, String boot, Path directory) {
        return new Owner(LifeId.parse(life).orElseThrow(), boot, directory);
    }

    private static Path path(String uri) {
        return Path.of(URI.create(uri));
    }

    /** What is written after {@code before}. */
    static ClaimText after(Optional<ClaimText> before, Owner owner, String store, @Nullable Closing closing) {
        return new ClaimText(before.map(last -> last.sequence + 1).orElse(FIRST), owner, store, closing);
    }

    /** Where in the file it stands. */
    long offset() {
        return sequence % 2 * PLACE;
    }

    String text() {
        String head = "covey-owner-2 " + sequence;
        Closing taken = closing;
        String rest = " " + owner.lifeId() + " " + owner.bootId() + " " + store + " "
                + owner.meshDirectory().toUri()
                + (taken == null
                        ? ""
                        : " closing " + taken.former.lifeId() + " " + taken.former.bootId() + " "
                                + String.format("%016x", taken.cell) + " "
                                + taken.former.meshDirectory().toUri())
                + " end\n";
        String text = head + " " + checksum(head, rest) + rest;
        if (text.length() > PLACE) {
            throw new MeshException(
                    MeshCode.LIMIT_EXCEEDED,
                    "the claim of a store takes " + text.length() + " bytes, at most " + PLACE
                            + " fit; shorten the path of " + owner.meshDirectory());
        }
        return text;
    }

    private static String checksum(String head, String rest) {
        CRC32C crc = new CRC32C();
        crc.update((head + rest).getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }
}
