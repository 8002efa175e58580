package dev.covey.mesh.agent;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.aeron.ExternalDriver;
import dev.covey.mesh.aeron.HostTransport;
import dev.covey.mesh.aeron.TransportOptions;
import dev.covey.mesh.core.State;
import dev.covey.mesh.core.StateDecoder;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.local.Deadline;
import dev.covey.mesh.local.JvmAccess;
import dev.covey.mesh.local.LifeId;
import dev.covey.mesh.local.LifeSigns;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.local.Seat;
import dev.covey.mesh.local.StoreClaim;
import dev.covey.mesh.protocol.Cell;
import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.mesh.protocol.MalformedMessageException;
import dev.covey.mesh.protocol.Token;
import dev.covey.mesh.protocol.Wire;
import dev.covey.store.Durability;
import dev.covey.store.Journal;
import dev.covey.store.JournalLife;
import dev.covey.store.JournalOptions;
import dev.covey.store.ProcessIdentity;
import dev.covey.store.SnapshotFile;
import dev.covey.store.Snapshots;
import dev.covey.store.StoreDirectory;
import dev.covey.store.Winner;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a member holds of the machine while it is in a mesh: directory, control file, its seat, its share of the
 * store, journal and snapshots.
 *
 * <p>All of it is entered, and left, behind the door (rule C3), so that nobody enters what somebody else is removing.
 */
final class Premises implements Shortcut.Source {
    /** Small enough that a new host has written its zeros in a millisecond or two, and that /dev/shm holds some. */
    private static final int SEGMENT_BYTES = 4 << 20;

    /** How often is looked whether the control file is still the one that is mapped. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Of so many such looks one is at all files where the member is calm. */
    private static final int CALM_LOOKS = 5;

    /** How often one that cannot start a mesh looks whether somebody has. */
    private static final long FOUNDER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** How long the last one out waits at the door; who it waits for will find the mesh, and carry on. */
    private static final Duration LEAVE_PATIENCE = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(Premises.class.getName());

    final MeshDirectory directory;
    final Settings settings;
    final ControlFile control;
    final String seat;
    final Token life;
    final Path journalDirectory;
    private final Seat place;
    private final @Nullable StoreClaim claim;
    private int looks;
    private long lookedAt = System.nanoTime();

    private Premises(
            MeshDirectory directory, Settings settings, ControlFile control, Seat place, @Nullable StoreClaim claim) {
        this.directory = directory;
        this.settings = settings;
        this.control = control;
        this.place = place;
        this.seat = place.token();
        this.claim = claim;
        this.life = new Token(control.lifeId().high(), control.lifeId().low());
        this.journalDirectory = journalDirectory(directory, settings);
    }

    /**
     * Enters the mesh of that name, which is born if there is none. Nothing is left behind when this throws.
     *
     * @throws MeshException BAD_NAME, JVM_ACCESS, INSECURE_DIRECTORY, OPTIONS_MISMATCH, VERSION_MISMATCH, STORE_IN_USE …
     */
    static Premises enter(JoinRequest request, Deadline deadline) {
        MeshDirectory directory = directory(request);
        JvmAccess.ensure();
        while (true) {
            deadline.now("waiting at its door");
            Premises entered = directory.withDoor(deadline, () -> enter(directory, request, deadline));
            if (entered != null) {
                return entered;
            }
            deadline.now("waiting for somebody to start it");
            requireTime(request, deadline);
            LockSupport.parkNanos(FOUNDER_NANOS);
        }
    }

    /** Where that mesh is, if it is. */
    static MeshDirectory directory(JoinRequest request) {
        Path base = request.base();
        return base == null ? MeshDirectory.at(request.mesh()) : MeshDirectory.at(request.mesh(), base);
    }

    private static void requireTime(JoinRequest request, Deadline deadline) {
        if (deadline.isOver() || Thread.currentThread().isInterrupted()) {
            throw new MeshException(
                    MeshCode.TIMED_OUT,
                    "mesh " + request.mesh() + " was started by nobody within "
                            + deadline.wholeMillis()
                            + " ms, and a member that never hosts cannot start it; start another member, or leave"
                            + " neverHost() out; the time went to: " + deadline.story());
        }
    }

    /** Nobody answered who joined: what stands in the way, if that is known. */
    MeshException noAnswer(JoinRequest request, Deadline deadline) {
        MeshException hindered = hindrance();
        return hindered != null
                ? hindered
                : new MeshException(
                        MeshCode.TIMED_OUT,
                        "mesh " + request.mesh() + " gave no answer within "
                                + request.joinTimeout().toMillis()
                                + " ms; its host may be frozen (it is deposed after "
                                + settings.hostTimeoutMillis()
                                + " ms), join again or with a longer joinTimeout; the time went to: "
                                + deadline.story());
    }

    /** Null if there is no mesh and this is none to start one. */
    private static @Nullable Premises enter(MeshDirectory directory, JoinRequest request, Deadline deadline) {
        deadline.now("entering");
        Optional<ControlFile> found = ControlFile.open(directory, Wire.VERSION);
        if (found.isPresent() && found.get().cell() == Cell.CLOSED) {
            finishCarrying(found.get());
            directory.remove();
            found = Optional.empty();
        }
        if (found.isPresent()) {
            Settings settings = Settings.fromBytes(found.get().birth().options());
            settings.requireMatch(request);
            forgetFailure(directory, found.get());
            if (!LifeSigns.anybodyLives(directory)) {
                wokenUp(directory, settings, found.get());
            }
            StoreClaim claim = claim(settings, directory, found.get().lifeId(), deadline);
            directory.make();
            return seated(directory, settings, found.get(), claim);
        }
        if (!request.mayHost()) {
            return null;
        }
        try {
            return born(directory, Settings.of(request), deadline);
        } catch (RuntimeException failed) {
            directory.remove();
            throw failed;
        }
    }

    /** Nobody watched what happened to the store since the last member died. */
    private static void wokenUp(MeshDirectory directory, Settings settings, ControlFile control) {
        List<Winner> alone = requireMatch(directory, settings, control);
        LoneWriters.takeIn(
                alone,
                control,
                Snapshots.open(journalDirectory(directory, settings), ownJournal(settings, control)),
                epoch -> stateAt(directory, settings, control, epoch, Cell.position(control.cell())));
    }

    /** Rule C8: returns what somebody wrote without a mesh meanwhile. */
    static List<Winner> requireMatch(MeshDirectory directory, Settings settings, ControlFile control) {
        Path journal = journalDirectory(directory, settings);
        return StoreMatch.require(directory, control, settings, journal, ownJournal(settings, control));
    }

    /** Whoever closed it from outside may have died before it had carried the journal, which is about to go. */
    static void finishCarrying(ControlFile closed) {
        String store = Settings.fromBytes(closed.birth().options()).store();
        if (store != null) {
            StoreClaim.finish(Path.of(store), closed.lifeId(), Carrying.INSTANCE);
        }
    }

    /**
     * A journal that failed is not gone on with by any member that saw it, nor by one that joins them. Who starts when
     * all have stopped takes over at what was committed, with a new segment.
     */
    private static void forgetFailure(MeshDirectory directory, ControlFile control) {
        if ((control.flags() & ControlFile.STORE_FAILED) == 0) {
            return;
        }
        if (LifeSigns.anybodyLives(directory)) {
            throw new MeshException(
                    MeshCode.STORE_FAILED,
                    "mesh " + directory.name() + " is read-only since its journal failed; check the disk, stop all"
                            + " members, then start them again");
        }
        control.clearFlag(ControlFile.STORE_FAILED | ControlFile.STORE_FULL);
    }

    private static Premises born(MeshDirectory directory, Settings settings, Deadline deadline) {
        directory.make();
        if (settings.driver() == null) {
            HostTransport.requireRoom(directory.path(), TransportOptions.DEFAULT);
        } else {
            ExternalDriver.requireAlive(Path.of(settings.driver()));
        }
        LifeId life = LifeId.random();
        StoreClaim claim = claim(settings, directory, life, deadline);
        deadline.now("reading its journal");
        try {
            return seated(directory, settings, birth(directory, settings, life, claim), claim);
        } catch (RuntimeException failed) {
            if (claim != null) {
                claim.close();
            }
            throw failed;
        }
    }

    /** Rule C4: the store is claimed before a cell is made for it. */
    private static @Nullable StoreClaim claim(
            Settings settings, MeshDirectory directory, LifeId life, Deadline deadline) {
        if (settings.store() == null) {
            return null;
        }
        deadline.now("claiming its store");
        Path store = Path.of(settings.store());
        StoreDirectory.open(store);
        String boot = ProcessIdentity.self().bootId();
        return StoreClaim.acquire(
                store, new StoreClaim.Owner(life, boot, directory.path()), Carrying.INSTANCE, deadline.left());
    }

    /** There is no cell: the journal says where the last life ended, and the new cell starts there. */
    private static ControlFile birth(
            MeshDirectory directory, Settings settings, LifeId life, @Nullable StoreClaim claim) {
        Path journal = journalDirectory(directory, settings);
        if (settings.durability() == Durability.MEMORY) {
            directory.remove(journal);
            directory.make();
        }
        Birth birth;
        JournalOptions options = journalOptions(settings).withLife(inJournal(life));
        try (Journal open = Journal.open(journal, options)) {
            Snapshots snapshots = Snapshots.open(journal, options);
            birth = Birth.of(open, snapshots, settings, claim != null && claim.wasOfAnotherBoot());
        }
        if (claim != null) {
            claim.settle();
        }
        return ControlFile.create(
                directory,
                new ControlFile.Birth(life, Wire.VERSION, settings.toBytes(), birth.epoch(), birth.position()));
    }

    private static Premises seated(
            MeshDirectory directory, Settings settings, ControlFile control, @Nullable StoreClaim claim) {
        try {
            Seat place = Seat.take(directory, LifeId.random().text());
            return new Premises(directory, settings, control, place, claim);
        } catch (RuntimeException failed) {
            if (claim != null) {
                claim.close();
            }
            throw failed;
        }
    }

    private static Path journalDirectory(MeshDirectory directory, Settings settings) {
        String store = settings.store();
        return settings.durability() == Durability.MEMORY || store == null
                ? directory.journal()
                : Path.of(store).resolve("journal");
    }

    private static JournalOptions journalOptions(Settings settings) {
        return JournalOptions.DEFAULT.withDurability(settings.durability()).withSegmentBytes(SEGMENT_BYTES);
    }

    private static JournalLife inJournal(LifeId life) {
        return new JournalLife(life.high(), life.low());
    }

    /** Rule J6: above the epoch that this life was born with everything in the journal is of this life. */
    private static JournalOptions ownJournal(Settings settings, ControlFile control) {
        return journalOptions(settings)
                .withLife(inJournal(control.lifeId()), control.birth().epoch());
    }

    /** Another view of the journal; one for each thread that needs one. */
    Journal openJournal() {
        return openJournal(directory, settings, control);
    }

    static Journal openJournal(MeshDirectory directory, Settings settings, ControlFile control) {
        return Journal.open(journalDirectory(directory, settings), ownJournal(settings, control));
    }

    Snapshots openSnapshots() {
        return Snapshots.open(journalDirectory, ownJournal(settings, control));
    }

    /** The newest state on disk that is not ahead of the cell; the empty one if there is none. */
    State newestState() {
        return newestState(openSnapshots(), Cell.position(control.cell()), settings);
    }

    @Override
    public Optional<State> state(long from, long beyond, long committed) {
        return openSnapshots().shortcut(from, beyond, committed).map(file -> state(file, settings));
    }

    @Override
    public void want(long beyond) {
        control.wantSnapshot(beyond);
    }

    /** The whole state at a position of the cell, for who does not join. */
    static State stateAt(MeshDirectory directory, Settings settings, ControlFile control, long epoch, long position) {
        Path directoryOfJournal = journalDirectory(directory, settings);
        JournalOptions options = ownJournal(settings, control);
        State from = newestState(Snapshots.open(directoryOfJournal, options), position, settings);
        try (Journal journal = Journal.open(directoryOfJournal, options)) {
            return Birth.replayed(journal, from, epoch, position, settings);
        }
    }

    static State newestState(Snapshots snapshots, long position, Settings settings) {
        return snapshots
                .newestAtOrBelow(position)
                .map(file -> state(file, settings))
                .orElse(State.EMPTY);
    }

    private static State state(SnapshotFile file, Settings settings) {
        try {
            return StateDecoder.decode(ByteBuffer.wrap(file.state()), settings.limits());
        } catch (MalformedMessageException malformed) {
            throw new MeshException(
                    MeshCode.CORRUPT,
                    "the snapshot at position " + file.position() + " passes its checksum and is no state of this"
                            + " version: " + malformed.getMessage()
                            + "; remove that file to recover from the one before",
                    malformed);
        }
    }

    /** For one attempt to join; never drawn twice. */
    static Token freshToken() {
        LifeId random = LifeId.random();
        return new Token(random.high(), random.low());
    }

    /** What this member tells about itself. */
    Profile profile(JoinRequest request) {
        return new Profile(
                request.member(),
                ProcessIdentity.self().text(),
                seat,
                request.roles(),
                request.mayHost(),
                new java.util.TreeMap<>(request.metadata()));
    }

    /** Whether the journal failed: then nobody takes over, for the next host would go on where the disk does not. */
    boolean isFailed() {
        return (control.flags() & ControlFile.STORE_FAILED) != 0;
    }

    /** Why nothing can be recorded now, or null: the flags of rule R7. */
    @Nullable
    MeshException hindrance() {
        long flags = control.flags();
        if (flags == 0) {
            return null;
        }
        if ((flags & ControlFile.STORE_FAILED) != 0) {
            return new MeshException(
                    MeshCode.STORE_FAILED,
                    "mesh " + directory.name() + " is read-only since its journal in " + journalDirectory
                            + " failed; check the disk, then stop all members and start them again");
        }
        if ((flags & ControlFile.STORE_FULL) == 0) {
            return new MeshException(
                    MeshCode.OVERLOADED,
                    "mesh " + directory.name() + ": more records wait for their revision files in " + settings.store()
                            + " than may; what was accepted is safe in the journal, patches are taken again as soon as"
                            + " half of it is written (the host's log says what holds it up)");
        }
        return new MeshException(
                MeshCode.STORE_FULL,
                "mesh " + directory.name() + ": there is no room left in " + journalDirectory
                        + "; free some, then send it again (reading goes on, and the mesh takes patches as soon as there"
                        + " is room)");
    }

    /** Why the commit cell is CLOSED: by the last member, or by one who took the store and all members for dead. */
    MeshException closed() {
        String store = settings.store();
        Optional<StoreClaim.Owner> owner = store == null ? Optional.empty() : StoreClaim.owner(Path.of(store));
        return owner.filter(other -> !other.lifeId().equals(control.lifeId()))
                .map(other -> new MeshException(
                        MeshCode.STORE_IN_USE,
                        "mesh " + directory.name() + ": its store " + store + " was claimed by the mesh in "
                                + other.meshDirectory() + ", which found every member of this one dead; all that was"
                                + " acknowledged is in the store, join that mesh to go on"))
                .orElseGet(() -> new MeshException(
                        MeshCode.CLOSED, "mesh " + directory.name() + " was closed by its last member"));
    }

    /** Rule R7: what cannot be written is refused before it is sent. */
    void sayWhetherFilesAreBehind(boolean behind) {
        boolean said = (control.flags() & ControlFile.FILES_BEHIND) != 0;
        if (behind && !said) {
            control.setFlag(ControlFile.FILES_BEHIND);
        } else if (said && !behind) {
            control.clearFlag(ControlFile.FILES_BEHIND);
        }
    }

    /** Whether it is time to look whether all is still there. Asked in every round. */
    boolean isTimeToLook() {
        long now = System.nanoTime();
        if (now - lookedAt <= LOOK_NANOS) {
            return false;
        }
        lookedAt = now;
        return true;
    }

    /**
     * Whether all files are looked at this time, and not the control file alone.
     *
     * @param calm whether nobody waits for anything: then files are looked at {@link #CALM_LOOKS} times less often, for each
     *     look costs an idle member a part of a millisecond
     */
    boolean isTimeToLookAtAll(boolean calm) {
        looks++;
        if (calm && looks < CALM_LOOKS) {
            return false;
        }
        looks = 0;
        return true;
    }

    /** The host changes, and everybody needs the processors: the next look is put off. */
    void lookLater() {
        lookedAt = System.nanoTime() + HostDesk.LATER_NANOS;
    }

    /** Rule C4: who goes on with a page that newcomers cannot find would split the mesh. */
    void requireSameControlFile() {
        if (!control.sameInode()) {
            throw new MeshException(
                    MeshCode.TRANSPORT_LOST,
                    "mesh " + directory.name() + ": somebody removed " + control.path()
                            + " under its living members, perhaps logind, which empties /dev/shm at a user's last"
                            + " logout unless logind.conf says RemoveIPC=no; join again");
        }
        if (claim != null) {
            claim.lookAfter();
        }
    }

    /** Makes again what was removed of what is this member's own, and the directories that are everybody's (rule C6). */
    void lookAfter() {
        directory.lookAfter();
        place.lookAfter();
    }

    /** Whether this life of the mesh has ended, or nobody can find it any more: rule C3, who finds that starts over. */
    boolean isOver() {
        return control.cell() == Cell.CLOSED || !control.sameInode();
    }

    /**
     * Leaves the mesh to the others.
     *
     * @param recorded whether the mesh has recorded that this member is none; if not, its seat says that it left until that is
     *     so: in a process that goes on nothing else would tell
     */
    void leave(boolean recorded) {
        leaveSeat(recorded);
        if (claim != null) {
            claim.close();
        }
    }

    private void leaveSeat(boolean recorded) {
        if (recorded) {
            place.remove();
        } else {
            place.sayLeft();
        }
    }

    /** Whether the journal goes with the mesh directory. */
    boolean isJournalInMemory() {
        return settings.durability() == Durability.MEMORY;
    }

    /**
     * Leaves as the last one: the cell becomes CLOSED and the directory goes, unless somebody is just entering, who then
     * carries on.
     *
     * @param cell what it must hold still
     * @param recorded as in {@link #leave}
     */
    void leaveEmpty(long cell, boolean recorded) {
        try {
            directory.withDoor(
                    Deadline.in(LEAVE_PATIENCE, "waiting at its door to leave"), () -> removedIfEmpty(cell, recorded));
        } catch (MeshException failed) {
            LOG.log(System.Logger.Level.WARNING, "mesh " + directory.name() + " stays behind when left empty", failed);
            leaveSeat(recorded);
        }
        if (claim != null) {
            claim.close();
        }
    }

    /** The page is compared too: where the door's lock was lost, somebody may have begun anew under that name. */
    private boolean removedIfEmpty(long cell, boolean recorded) {
        leaveSeat(recorded);
        boolean over = !settings.keepWhenEmpty()
                && !LifeSigns.anybodyLives(directory)
                && control.compareAndSetCell(cell, Cell.CLOSED)
                && control.sameInode();
        if (over) {
            directory.remove();
        }
        return over;
    }
}
