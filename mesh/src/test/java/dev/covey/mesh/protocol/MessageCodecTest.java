package dev.covey.mesh.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.MeshCode;
import dev.covey.mesh.protocol.Command.Change;
import dev.covey.mesh.protocol.Command.Delete;
import dev.covey.mesh.protocol.Command.Initialize;
import dev.covey.mesh.protocol.Command.Join;
import dev.covey.mesh.protocol.Command.Leave;
import dev.covey.mesh.protocol.Command.Place;
import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.mesh.protocol.Command.Withdraw;
import dev.covey.mesh.protocol.Fact.Departure;
import dev.covey.mesh.protocol.Refusal.PatchProblem;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.Operations;
import dev.covey.patch.Patch;
import dev.covey.patch.Path;
import dev.covey.patch.Stamp;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Commands and facts as bytes: what was written is read, and what nobody wrote is said to be malformed, nothing worse. */
class MessageCodecTest {
    private static final int SEEDS = 200;
    private static final int FLIPS = 60;
    private static final FactDecoder FACTS = new FactDecoder(Limits.DEFAULT);
    private static final List<MeshCode> CODES = List.of(MeshCode.values());

    @Test
    void everyCommandComesBackAsItWasSent() {
        for (long seed = 0; seed < SEEDS; seed++) {
            byte[] sent = bytes(envelope(new SplittableRandom(seed)));
            Envelope read = EnvelopeDecoder.decode(ByteBuffer.wrap(sent), Limits.DEFAULT);
            assertThat(bytes(read)).as("seed %d: %s", seed, read).isEqualTo(sent);
            assertThat(read.life().high()).as("seed %d", seed).isEqualTo(new SplittableRandom(seed).nextLong());
        }
    }

    @Test
    void everyFactComesBackAsItWasWritten() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Fact written = fact(new SplittableRandom(seed));
            byte[] bytes = bytes(written);
            assertThat(FACTS.decode(ByteBuffer.wrap(bytes))).as("seed %d", seed).isEqualTo(written);
            assertThat(FACTS.decode(within(ByteBuffer.allocate(bytes.length + 20), bytes)))
                    .as("seed %d", seed)
                    .isEqualTo(written);
            assertThat(FACTS.decode(within(ByteBuffer.allocateDirect(bytes.length + 20), bytes)))
                    .as("seed %d", seed)
                    .isEqualTo(written);
        }
    }

    /** Somewhere in the middle of a larger buffer, as in a journal. */
    private static ByteBuffer within(ByteBuffer larger, byte[] bytes) {
        larger.position(3);
        ByteBuffer slice = larger.slice();
        slice.put(10, bytes).position(10).limit(10 + bytes.length);
        return slice;
    }

    @Test
    void aCommandThatIsCutOrDamagedIsMalformedAtWorst() {
        for (long seed = 0; seed < SEEDS; seed++) {
            damage(
                    seed,
                    bytes(envelope(new SplittableRandom(seed))),
                    bytes -> EnvelopeDecoder.decode(bytes, Limits.DEFAULT));
        }
    }

    @Test
    void aFactThatIsCutOrDamagedIsMalformedAtWorst() {
        for (long seed = 0; seed < SEEDS; seed++) {
            damage(seed, bytes(fact(new SplittableRandom(seed))), bytes -> FACTS.decode(bytes));
        }
    }

    @Test
    void aLengthThatIsNotThereTakesNoMemory() {
        WireWriter out = new WireWriter();
        out.putByte(FactEncoder.PATCHED).putInt(Integer.MAX_VALUE);
        assertThat(isMalformed(ByteBuffer.wrap(out.toBytes()), bytes -> FACTS.decode(bytes)))
                .isTrue();
        out.clear().putText("name").putText("process").putText("seat").putInt(Wire.MAX_ROLES);
        assertThat(isMalformed(ByteBuffer.wrap(out.toBytes()), bytes -> EnvelopeDecoder.profile(new WireReader(bytes))))
                .isTrue();
    }

    private static void damage(long seed, byte[] whole, Consumer<ByteBuffer> decoder) {
        for (int length = 0; length < whole.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(whole, length));
            if (!isMalformed(cut, decoder) && length < whole.length / 2) {
                throw new AssertionError("seed " + seed + " was taken for whole when cut at " + length);
            }
        }
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < FLIPS; i++) {
            byte[] flipped = whole.clone();
            int bit = random.nextInt(whole.length * Byte.SIZE);
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            try {
                isMalformed(ByteBuffer.wrap(flipped), decoder);
            } catch (RuntimeException other) {
                throw new AssertionError("seed " + seed + ", bit " + bit + " flipped: " + other, other);
            }
        }
    }

    private static boolean isMalformed(ByteBuffer bytes, Consumer<ByteBuffer> decoder) {
        try {
            decoder.accept(bytes);
            return false;
        } catch (MalformedMessageException expected) {
            return true;
        }
    }

    private static byte[] bytes(Envelope envelope) {
        WireWriter out = new WireWriter();
        EnvelopeEncoder.encode(envelope, out);
        return out.toBytes();
    }

    private static byte[] bytes(Fact fact) {
        WireWriter out = new WireWriter();
        FactEncoder.encode(fact, out);
        return out.toBytes();
    }

    private static Envelope envelope(SplittableRandom random) {
        Token life = token(random);
        return new Envelope(life, random.nextLong(), random.nextLong(), random.nextLong(), command(random));
    }

    private static Command command(SplittableRandom random) {
        return switch (random.nextInt(11)) {
            case 0 -> new Join(token(random), profile(random));
            case 1 -> new Leave();
            case 2 -> new Initialize(text(random), patch(random), random.nextLong());
            case 3 -> new Delete(text(random), random.nextLong(), random.nextLong(), random.nextLong());
            case 4 -> new Place(text(random), path(random), patch(random));
            case 6 -> new Command.Guard(text(random), random.nextInt(), random.nextLong());
            case 7 -> new Command.QueueUp(line(random), random.nextBoolean());
            case 8 -> new Command.StepOut(line(random), random.nextLong());
            case 9 -> new Command.Alive();
            case 5 -> new Withdraw(text(random), path(random), random.nextLong());
            default -> new Change(text(random), patch(random), random.nextLong(), random.nextLong(), random.nextLong());
        };
    }

    private static Fact fact(SplittableRandom random) {
        return switch (random.nextInt(11)) {
            case 0 -> new Fact.EpochBegan(token(random));
            case 1 -> new Fact.Joined(random.nextLong(), token(random), profile(random));
            case 2 -> new Fact.JoinRefused(token(random), refusal(random));
            case 3 -> new Fact.Left(random.nextLong(), random.nextBoolean() ? Departure.CLOSED : Departure.DIED);
            case 4 -> patched(random);
            case 7 -> new Fact.Guarded(text(random), random.nextInt(), random.nextLong());
            case 8 -> new Fact.QueuedUp(line(random));
            case 9 -> new Fact.SteppedOut(line(random), random.nextLong());
            case 5 -> new Fact.Unchanged(text(random), random.nextLong());
            case 6 -> new Fact.Refused(text(random), refusal(random));
            default -> new Fact.StateHashed(random.nextLong());
        };
    }

    private static Fact patched(SplittableRandom random) {
        boolean deletes = random.nextBoolean();
        return new Fact.Patched(
                text(random),
                random.nextLong(),
                text(random),
                random.nextLong(),
                operations(random),
                deletes,
                deletes || random.nextBoolean() ? null : path(random));
    }

    private static LineId line(SplittableRandom random) {
        return random.nextBoolean() ? LineId.writers(text(random)) : LineId.scope(text(random), path(random));
    }

    private static Path path(SplittableRandom random) {
        return Path.ROOT.child(text(random)).child("a/b~c");
    }

    private static Refusal refusal(SplittableRandom random) {
        PatchProblem problem = new PatchProblem("C", text(random), text(random), text(random), text(random), 3);
        Stamp winner = new Stamp(random.nextLong(), random.nextLong());
        return new Refusal(
                CODES.get(random.nextInt(CODES.size())),
                text(random),
                random.nextBoolean() ? problem : null,
                random.nextBoolean() ? winner : null);
    }

    private static Operations operations(SplittableRandom random) {
        JsonNode before = FrozenTree.EMPTY_OBJECT;
        return patch(random).resolve(before, 0, Limits.DEFAULT).operations();
    }

    private static Patch patch(SplittableRandom random) {
        Patch patch = Patch.set("/" + random.nextInt(9), text(random));
        return random.nextBoolean() ? patch : patch.and(Patch.push("/list", random.nextInt(), 1.5, text(random)));
    }

    private static Profile profile(SplittableRandom random) {
        return new Profile(
                text(random),
                text(random),
                text(random),
                List.of("a role", text(random)),
                random.nextBoolean(),
                new TreeMap<>(Map.of("k", text(random), text(random), "v")));
    }

    private static Token token(SplittableRandom random) {
        return new Token(random.nextLong(), random.nextLong());
    }

    private static String text(SplittableRandom random) {
        return "käse €🧀".repeat(random.nextInt(5)) + random.nextInt(100);
    }
}
