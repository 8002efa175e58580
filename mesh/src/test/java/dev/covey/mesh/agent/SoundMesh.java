package dev.covey.mesh.agent;

import dev.covey.mesh.core.State;
import dev.covey.mesh.core.StateEncoder;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.local.LifeId;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.protocol.Cell;
import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.FactDecoder;
import dev.covey.mesh.protocol.FactEncoder;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.Token;
import dev.covey.mesh.protocol.Wire;
import dev.covey.mesh.protocol.WireWriter;
import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import dev.covey.store.Durability;
import dev.covey.store.Journal;
import dev.covey.store.JournalOptions;
import dev.covey.store.JournalReader;
import dev.covey.store.JournalWriter;
import dev.covey.store.Retention;
import dev.covey.store.Snapshots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files that a mesh leaves behind which had two hosts and was killed, and what they say when nobody damages them. */
final class SoundMesh {
    private static final int EPOCHS = 2;
    private static final int RECORDS_PER_EPOCH = 5;
    private static final int HEADER_BLOCK = 8192;
    private static final int HEADER = 72;
    private static final int NOTE = 32;
    private static final JournalOptions OPTIONS = JournalOptions.DEFAULT
            .withDurability(Durability.OS)
            .withSegmentBytes(JournalOptions.MIN_SEGMENT_BYTES)
            .withSpares(false);

    final MeshDirectory directory;
    final LifeId life = LifeId.random();
    final Settings settings =
            new Settings(Durability.OS, null, 2_000, Limits.DEFAULT, false, null, 0, Retention.EVERYTHING);
    /** The state at each position. */
    final List<State> truth = new ArrayList<>(List.of(State.EMPTY));
    /** As far as the records themselves can tell: the last one does not know that it was committed. */
    final long acknowledged = (long) EPOCHS * RECORDS_PER_EPOCH - 1;

    final long lastOfFirstEpoch = RECORDS_PER_EPOCH;
    final long lastEpoch = EPOCHS;
    final long cell = Cell.pack(EPOCHS, (long) EPOCHS * RECORDS_PER_EPOCH);
    private final Map<Path, byte[]> files = new TreeMap<>();

    private SoundMesh(Path base) {
        this.directory = MeshDirectory.open("sound", base);
    }

    static SoundMesh in(Path base) {
        SoundMesh mesh = new SoundMesh(base);
        mesh.directory.make();
        for (int epoch = 1; epoch <= EPOCHS; epoch++) {
            mesh.live(epoch);
        }
        ControlFile control = ControlFile.create(
                mesh.directory, new ControlFile.Birth(mesh.life, Wire.VERSION, mesh.settings.toBytes(), 0, 0));
        mesh.commit(control);
        mesh.remember();
        return mesh;
    }

    private void live(int epoch) {
        long first = truth.size();
        try (Journal journal = Journal.open(directory.journal(), OPTIONS);
                JournalWriter writer = journal.begin(epoch, first, new byte[NOTE])) {
            for (long position = first; position < first + RECORDS_PER_EPOCH; position++) {
                append(writer, new LogRecord(epoch, position, 1_000 * position, 0, 0, fact(epoch, position, first)));
            }
        }
    }

    private Fact fact(int epoch, long position, long first) {
        if (position == first) {
            return new Fact.EpochBegan(new Token(epoch, epoch));
        } else if (position == first + 1) {
            return new Fact.Joined(epoch, new Token(epoch, epoch), new Profile("member " + epoch, "", "", List.of()));
        }
        State before = truth.get(truth.size() - 1);
        Patch patch = Patch.push("/list", position).and(Patch.inc("/n", 1));
        return new Fact.Patched(
                "o",
                before.object("o").revision() + 1,
                "somebody",
                position,
                patch.resolve(before.object("o").value(), position, Limits.DEFAULT)
                        .operations());
    }

    private void append(JournalWriter writer, LogRecord record) {
        WireWriter out = new WireWriter();
        FactEncoder.encode(record.fact(), out);
        byte[] payload = out.toBytes();
        long committed = record.position() - 1;
        writer.append(record.position(), committed, 0, 0, record.timeMicros(), payload, 0, payload.length);
        truth.add(truth.get(truth.size() - 1).apply(record));
    }

    /** As the hosts did it: each takes the cell, and commits its records one by one. */
    private void commit(ControlFile control) {
        for (int epoch = 1; epoch <= EPOCHS; epoch++) {
            long from = (long) (epoch - 1) * RECORDS_PER_EPOCH;
            control.compareAndSetCell(Cell.pack(epoch - 1, from), Cell.pack(epoch, from));
            control.rememberEpoch(epoch);
            for (long next = from; next < from + RECORDS_PER_EPOCH; next++) {
                control.compareAndSetCell(Cell.pack(epoch, next), Cell.pack(epoch, next + 1));
            }
        }
    }

    ControlFile control() {
        return ControlFile.open(directory, Wire.VERSION).orElseThrow();
    }

    List<Path> segments() {
        return files.keySet().stream()
                .filter(file -> file.toString().endsWith(".segment"))
                .toList();
    }

    Path takeSnapshot(long position) {
        State state = truth.get((int) position);
        Snapshots.open(directory.journal(), settings.durability())
                .write(state.epoch(), position, StateEncoder.encode(state));
        remember();
        return files.keySet().stream()
                .filter(file -> file.toString().endsWith(".snapshot"))
                .findFirst()
                .orElseThrow();
    }

    /** As a member reads that finds a control file. */
    State read(long epoch, long position) {
        State from = Premises.newestState(Snapshots.open(directory.journal(), Durability.OS), position, settings);
        try (Journal journal = Journal.open(directory.journal(), OPTIONS);
                JournalReader reader = journal.reader(from.position())) {
            State state = from;
            FactDecoder facts = new FactDecoder(settings.limits());
            while (reader.next(epoch, position)) {
                state = state.apply(Follower.read(reader, facts));
            }
            return state;
        }
    }

    /** As the first member of a new life reads, that finds none. */
    State born() {
        Birth birth;
        try (Journal journal = Journal.open(directory.journal(), OPTIONS)) {
            birth = Birth.of(journal, Snapshots.open(directory.journal(), Durability.OS), settings, false);
        }
        return read(birth.epoch(), birth.position());
    }

    private void remember() {
        files.clear();
        for (Path file : journalFiles()) {
            files.put(file, bytes(file));
        }
    }

    /** Undoes the damage, and what was done because of it. */
    void restore() throws IOException {
        for (Path file : journalFiles()) {
            if (!files.containsKey(file)) {
                Files.delete(file);
            }
        }
        for (Map.Entry<Path, byte[]> file : files.entrySet()) {
            Files.write(file.getKey(), file.getValue());
        }
    }

    private List<Path> journalFiles() {
        try (Stream<Path> listed = Files.list(directory.journal())) {
            return listed.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Whether that byte of a control file means nothing: neither birth, nor a word on its 256 bytes, nor an option. */
    static boolean isReserved(int at, int options) {
        boolean birth = at < 52;
        boolean word = at >= 256 && at < 2048 && at % 256 < 8;
        boolean option = at >= 2048 && at < 2048 + options;
        return !birth && !word && !option;
    }

    /** The room between a segment's header and its first record, where nothing is. */
    static boolean isPadding(int at) {
        return at >= HEADER + NOTE && at < HEADER_BLOCK;
    }

    /** How many records are whole in the first so many bytes of a segment. */
    static int wholeRecords(byte[] segment, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN);
        int whole = 0;
        for (int at = HEADER_BLOCK; at + bytes.getInt(at) <= length; at += spaceOf(bytes.getInt(at))) {
            whole++;
        }
        return whole;
    }

    static int endOfRecords(byte[] segment) {
        ByteBuffer bytes = ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN);
        int at = HEADER_BLOCK;
        while (bytes.getInt(at) != 0) {
            at += spaceOf(bytes.getInt(at));
        }
        return at;
    }

    private static int spaceOf(int length) {
        return (length + 7) & -8;
    }
}
