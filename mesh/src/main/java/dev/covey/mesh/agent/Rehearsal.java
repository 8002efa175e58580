package dev.covey.mesh.agent;

import dev.covey.mesh.aeron.HostTransport;
import dev.covey.mesh.core.Core;
import dev.covey.mesh.core.CoreOptions;
import dev.covey.mesh.core.Effects;
import dev.covey.mesh.core.Outcome;
import dev.covey.mesh.core.State;
import dev.covey.mesh.local.Claims;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.EnvelopeDecoder;
import dev.covey.mesh.protocol.EnvelopeEncoder;
import dev.covey.mesh.protocol.FactDecoder;
import dev.covey.mesh.protocol.FactEncoder;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.Refusal;
import dev.covey.mesh.protocol.Token;
import dev.covey.mesh.protocol.WireWriter;
import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import dev.covey.store.Journal;
import dev.covey.store.JournalOptions;
import dev.covey.store.JournalReader;
import dev.covey.store.JournalWriter;
import dev.covey.store.ProcessIdentity;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A take-over and some thousand patches, played through in a scratch directory by the member that is next in line, so that
 * the classes a host needs are loaded and compiled before it matters. Without it the first milliseconds of a new host go
 * into its first class loadings: measured, they are most of a fail-over. Once in a JVM, some 200 ms of one core.
 */
final class Rehearsal implements Effects {
    private static final System.Logger LOG = System.getLogger(Rehearsal.class.getName());
    private static final AtomicBoolean DONE = new AtomicBoolean();
    private static final int PATCHES = 3_000;
    private static final int PATCHES_PER_BATCH = 4;
    private static final int SEGMENT_BYTES = 1 << 20;
    private static final String OBJECT = "rehearsal";
    private static final Command.Profile PROFILE = new Command.Profile("rehearsal", "", "", List.of());
    /** Of a member that is there to die. */
    private static final long OTHER = 2;

    private final Reports reports = new Reports();
    private final WireWriter bytes = new WireWriter();
    private final FactDecoder facts = new FactDecoder(Limits.DEFAULT);
    private final Journal journal;
    private @Nullable JournalWriter writer;
    private State replica = State.EMPTY;

    private Rehearsal(Journal journal) {
        this.journal = journal;
    }

    /** Any thread; does nothing the second time. */
    static void run(Premises premises, BooleanSupplier stop) {
        if (stop.getAsBoolean() || !DONE.compareAndSet(false, true)) {
            return;
        }
        Path scratch = scratch(premises.directory, premises.seat);
        try {
            claim(premises);
            HostTransport.rehearse(premises.directory.driver(0, premises.seat));
            play(scratch, stop);
        } catch (RuntimeException failed) {
            LOG.log(System.Logger.Level.DEBUG, "a take-over could not be rehearsed; it will be slower", failed);
        } finally {
            premises.directory.remove(scratch);
        }
    }

    static Path scratch(MeshDirectory directory, String seat) {
        return directory.path().resolve("rehearsal-" + seat);
    }

    /** Epoch 0 never is: a claim to it concerns nobody. */
    private static void claim(Premises premises) {
        Claims claims = new Claims(premises.directory);
        claims.publish(new Claims.Claim(0, premises.seat, ProcessIdentity.self()));
        claims.holders(0);
        claims.remove(0, premises.seat);
    }

    private static void play(Path scratch, BooleanSupplier stop) {
        JournalOptions options = JournalOptions.DEFAULT.withSegmentBytes(SEGMENT_BYTES);
        try (Journal journal = Journal.open(scratch, options);
                JournalReader reader = journal.reader(0)) {
            Rehearsal stage = new Rehearsal(journal);
            Token life = new Token(0, 1);
            Core core = new Core(life, State.EMPTY, CoreOptions.DEFAULT, stage);
            core.join(new Token(0, 2), PROFILE);
            core.suspected(new TreeSet<>());
            stage.settle(core, reader);
            stage.arrive(core, life, 0, 0, new Command.Join(new Token(0, 3), PROFILE));
            stage.arrive(
                    core,
                    life,
                    OTHER,
                    1,
                    new Command.Place(OBJECT, dev.covey.patch.Path.parse("/there"), Patch.set("/there", 1)));
            for (int i = 0; i < PATCHES && !stop.getAsBoolean(); i++) {
                stage.patch(core, life, i);
                if (i % PATCHES_PER_BATCH == 0) {
                    stage.settle(core, reader);
                }
            }
            core.died(OTHER);
            stage.settle(core, reader);
            stage.end();
        }
    }

    private void patch(Core core, Token life, int i) {
        Command change = new Command.Change(OBJECT, change(i), i, Command.ANY_REVISION);
        core.now(i);
        core.submit(i, change);
        arrive(core, life, core.number(), i + 1, change);
    }

    private static Patch change(int i) {
        return switch (i % 16) {
            case 0 -> Patch.push("/list", i);
            case 1 -> Patch.popFirst("/list");
            case 2 -> Patch.set("/text", "rehearsal");
            case 3 -> Patch.unset("/text");
            default -> Patch.inc("/n" + i % 7, 1);
        };
    }

    private void arrive(Core core, Token life, long member, long sequence, Command command) {
        bytes.clear();
        EnvelopeEncoder.encode(new Envelope(life, 1, member, sequence, command), bytes);
        core.command(EnvelopeDecoder.decode(ByteBuffer.wrap(bytes.array(), 0, bytes.length()), Limits.DEFAULT));
    }

    private void settle(Core core, JournalReader reader) {
        core.flush();
        while (reports.tellNext(core)) {
            core.flush();
        }
        while (reader.next(core.state().epoch(), core.state().position())) {
            replica = replica.apply(Follower.read(reader, facts));
        }
    }

    private void end() {
        JournalWriter open = writer;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void append(LogRecord record, long committed) {
        JournalWriter open = writer;
        if (open != null) {
            bytes.clear();
            FactEncoder.encode(record.fact(), bytes);
            open.append(
                    record.position(),
                    committed,
                    record.member(),
                    record.sequence(),
                    record.timeMicros(),
                    bytes.array(),
                    0,
                    bytes.length());
        }
    }

    @Override
    public void force(long epoch, long position) {
        reports.forced(epoch, position);
    }

    @Override
    public void commit(long epoch, long from, long to) {
        reports.committed(epoch, to);
    }

    @Override
    public void take(long epoch, long position) {
        reports.taken(epoch + 1, position);
    }

    @Override
    public void begin(long epoch, long firstPosition) {
        writer = journal.begin(epoch, firstPosition, new byte[0]);
        reports.begun(epoch);
    }

    @Override
    public void serve(long epoch) {}

    @Override
    public void stepDown(long epoch) {}

    @Override
    public void send(Envelope envelope) {}

    @Override
    public void applied(State before, LogRecord record, State after) {}

    @Override
    public void jumped(State before, State after) {}

    @Override
    public void completed(long ticket, Outcome outcome, State state) {}

    @Override
    public void lost(long ticket) {}

    @Override
    public void joined(long number) {}

    @Override
    public void joinRefused(Refusal refusal) {}

    @Override
    public void expelled() {}

    @Override
    public void left() {}

    @Override
    public void repeated(long member, long sequence) {}

    @Override
    public void diverged(long position, long expectedHash, long foundHash) {}
}
