package dev.covey.mesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.mesh.local.ClaimText.Closing;
import dev.covey.mesh.local.StoreClaim.Owner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a store says of its owner, and what is left of it when whoever writes it dies. */
class ClaimTextTest {
    private static final String BOOT = "01234567-89ab-cdef-0123-456789abcdef";
    private static final Owner ONE = new Owner(new LifeId(-1, 7), BOOT, Path.of("/tmp/a b\nc end"));
    private static final Owner TWO = new Owner(new LifeId(2, 2), BOOT, Path.of("/dev/shm/covey-ü/two"));

    private static byte[] written(byte[] file, ClaimText text, int bytes) {
        byte[] after = Arrays.copyOf(file, Math.max(file.length, (int) text.offset() + bytes));
        System.arraycopy(text.text().getBytes(StandardCharsets.UTF_8), 0, after, (int) text.offset(), bytes);
        return after;
    }

    private static byte[] written(byte[] file, ClaimText text) {
        return written(file, text, text.text().length());
    }

    private static Optional<ClaimText> read(byte[] file) {
        return ClaimText.newest(new String(file, StandardCharsets.UTF_8));
    }

    @Test
    void aClaimIsReadBackWhateverItsPathsAndWhetherItTakesOver() {
        ClaimText plain = ClaimText.after(Optional.empty(), ONE, "801x2f", null);
        ClaimText takingOver = ClaimText.after(Optional.of(plain), TWO, "801x2f", new Closing(ONE, -2));
        assertThat(read(written(new byte[0], plain))).contains(plain);
        assertThat(read(written(written(new byte[0], plain), takingOver))).contains(takingOver);
    }

    @Test
    void aClaimOfVersion1IsReadAndStaysUntilTheNextOneIsWhole() {
        byte[] old = ("covey-owner " + ONE.lifeId() + " " + BOOT + " " + ONE.meshDirectory() + " end\n")
                .getBytes(StandardCharsets.UTF_8);
        ClaimText first = read(old).orElseThrow();
        assertThat(first).isEqualTo(new ClaimText(0, ONE, "", null));
        ClaimText next = ClaimText.after(Optional.of(first), TWO, "801x2f", null);
        assertThat(read(written(old, next, next.text().length() - 1))).contains(first);
        assertThat(read(written(old, next))).contains(next);
    }

    @Test
    void whoeverDiesWhileItWritesLeavesTheClaimBefore() {
        ClaimText before = ClaimText.after(Optional.empty(), ONE, "801x2f", null);
        ClaimText last = ClaimText.after(Optional.of(before), TWO, "801x2f", null);
        ClaimText next = ClaimText.after(Optional.of(last), ONE, "801x2f", new Closing(TWO, 6));
        byte[] file = written(written(new byte[0], before), last);
        for (int bytes = 0; bytes < next.text().length() - " end\n".length(); bytes++) {
            assertThat(read(written(file, next, bytes)))
                    .as("after " + bytes + " bytes")
                    .contains(last);
        }
        assertThat(read(written(file, next))).contains(next);
    }

    @Test
    void aClaimWithAFlippedBitIsNone() {
        ClaimText claim = ClaimText.after(Optional.empty(), ONE, "801x2f", new Closing(TWO, 5));
        byte[] file = written(new byte[0], claim);
        for (int at = 0; at < file.length; at++) {
            byte[] flipped = file.clone();
            flipped[at] ^= 1;
            assertThat(read(flipped)).as("byte " + at).isEmpty();
        }
    }
}
