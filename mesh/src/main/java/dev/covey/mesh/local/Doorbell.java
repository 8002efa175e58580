package dev.covey.mesh.local;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How an idle member sleeps and is woken within some ten microseconds by whoever has news for it, in this process or
 * another.
 *
 * <p>The sleeper says in shared memory that it is about to sleep ({@link #arm}), looks once more whether there is news, and
 * then waits in {@code select} on a Unix domain socket ({@link #sleep}). Who has news makes it visible, then looks at the
 * flag, and only if it is set rings: one byte through the socket. Both write first and read then, each with a full fence, so
 * one of the two always sees the other. If a ring is lost all the same, with a connection that broke, the sleep ends by
 * itself after its time.
 *
 * <p>All methods but {@link #wake} and what says otherwise belong to the thread that sleeps.
 */
public final class Doorbell implements AutoCloseable {
    /** The usual longest sleep. Also what a lost ring costs, and what bounds how late a driver is looked after. */
    public static final long SLEEP_MILLIS = 10;

    private static final System.Logger LOG = System.getLogger(Doorbell.class.getName());
    private static final long DEAF_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int BACKLOG = 2 * BellPage.SLOTS;
    private static final int NO_SLOT = 0;

    /** How long the sleepers of a page that was removed are still rung there: until all have found the new one. */
    private static final long FORMER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final MeshDirectory directory;
    private final LifeId token;
    private final ByteBuffer rings = ByteBuffer.allocateDirect(64);
    private volatile @Nullable Selector selector;
    private @Nullable ServerSocketChannel door;
    private @Nullable FileMark socket;
    private volatile Hook hook;
    private @Nullable BellPage former;
    private long formerUntil;
    /** Set while armed, and only where there is no socket to sleep in. */
    private volatile @Nullable Thread deafSleeper;

    private boolean armed;

    /**
     * Where a bell hangs.
     *
     * @param slot of that page, or 0 for none
     */
    private record Hook(BellPage page, int slot) {}

    private Doorbell(MeshDirectory directory, Hook hook, LifeId token) {
        this.directory = directory;
        this.hook = hook;
        this.token = token;
    }

    /**
     * Hangs a member's bell. A member without one, because all slots are taken or the directory's path is too long for a
     * socket, works all the same and sleeps a millisecond at a time.
     *
     * @param token of the member
     */
    public static Doorbell open(MeshDirectory directory, String token) {
        LifeId parsed = LifeId.parse(token).orElseThrow(() -> new IllegalArgumentException("token " + token));
        directory.lookAfter();
        Doorbell bell = new Doorbell(directory, hook(directory, parsed, NO_SLOT), parsed);
        if (bell.slot() != NO_SLOT) {
            bell.listen();
        }
        return bell;
    }

    private static Hook hook(MeshDirectory directory, LifeId token, int wanted) {
        try {
            BellPage page = BellPage.open(directory);
            return new Hook(page, takeSlot(directory, page, token, wanted));
        } catch (IOException failed) {
            throw MeshDirectory.failed(directory.bells(), "cannot be used", failed);
        }
    }

    /**
     * Hangs the bell anew where its page or its socket was removed; the owner's share of rule C6. Some 10 µs when nothing was.
     * Connections that callers have stay, and who sleeps by the old page is rung there for a while.
     */
    public void lookAfter() {
        Hook old = hook;
        if (former != null && System.nanoTime() - formerUntil > 0) {
            former = null;
        }
        if (!old.page().isStillAt(directory.bellPage()) || !isOwn(old)) {
            former = old.page();
            formerUntil = System.nanoTime() + FORMER_NANOS;
            hook = hook(directory, token, old.slot());
        }
        FileMark own = socket;
        int slot = slot();
        boolean hangs = own != null && old.slot() == slot && own.isInodeOf(directory.bell(slot));
        if (slot != NO_SLOT && selector != null && !hangs) {
            listen();
        }
    }

    private boolean isOwn(Hook at) {
        return at.slot() == NO_SLOT || at.page().isOf(at.slot(), token);
    }

    /**
     * Takes a slot that nobody uses, the wanted one if it can be had. One whose dead member only its bell tells dead is taken
     * last: with the bell goes the proof, which others may still need.
     */
    private static int takeSlot(MeshDirectory directory, BellPage page, LifeId token, int wanted) {
        if (wanted != NO_SLOT && !page.isOwned(wanted) && page.take(wanted, page.token(wanted), token)) {
            return wanted;
        }
        for (int slot = 1; slot <= BellPage.SLOTS; slot++) {
            LifeId found = page.token(slot);
            if (isFree(directory, page, slot, found) && take(directory, page, slot, found, token)) {
                return slot;
            }
        }
        for (int slot = 1; slot <= BellPage.SLOTS; slot++) {
            LifeId found = page.token(slot);
            if (BellLine.dialled(directory, slot) == Verdict.BELL_REFUSES
                    && take(directory, page, slot, found, token)) {
                return slot;
            }
        }
        return NO_SLOT;
    }

    /** The socket of the one before goes first: as the new owner's it would say that the new owner is dead. */
    private static boolean take(MeshDirectory directory, BellPage page, int slot, LifeId found, LifeId token) {
        directory.remove(directory.bell(slot));
        return page.take(slot, found, token);
    }

    /** A bell that is answered at nobody's slot is of a member that has not found this page yet. */
    private static boolean isFree(MeshDirectory directory, BellPage page, int slot, LifeId found) {
        return page.isOwned(slot) ? isProvenDead(directory, found) : BellLine.dialled(directory, slot) != Verdict.ALIVE;
    }

    private static boolean isProvenDead(MeshDirectory directory, LifeId token) {
        Verdict verdict = LifeSigns.ofSeat(directory, directory.member(token.text()));
        return verdict.isDead() && verdict != Verdict.BELL_REFUSES;
    }

    /** Gives back the slot of a member whose departure is recorded. Any thread. */
    public static void freeSlot(MeshDirectory directory, String token) {
        LifeId.parse(token)
                .ifPresent(member -> BellPage.existing(directory).ifPresent(page -> {
                    int slot = page.slotOf(member);
                    if (slot != NO_SLOT) {
                        page.takeBack(slot, member);
                    }
                }));
    }

    /** The socket gets its name when it listens: one that refuses a connection would say that its member is dead. */
    private void listen() {
        Path name = directory.bell(slot());
        Path draft = directory.unheardBell(slot());
        ServerSocketChannel old = door;
        try {
            Selector open = selector;
            Selector used = open != null ? open : Selector.open();
            selector = used;
            Files.deleteIfExists(draft);
            ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            door = listening;
            listening.configureBlocking(false);
            listening.bind(UnixDomainSocketAddress.of(draft), BACKLOG);
            Files.setPosixFilePermissions(draft, Modes.PRIVATE_FILE.value());
            listening.register(used, SelectionKey.OP_ACCEPT);
            Files.move(draft, name, StandardCopyOption.ATOMIC_MOVE);
            socket = FileMark.of(name);
        } catch (IOException | RuntimeException failed) {
            LOG.log(System.Logger.Level.DEBUG, () -> name + ": no bell here: " + failed);
            goDeaf();
        } finally {
            closeQuietly(old);
        }
    }

    BellPage page() {
        return hook.page();
    }

    /** The page that was removed not long ago, by which some may still sleep; null if there is none. */
    @Nullable
    BellPage formerPage() {
        return former;
    }

    int slot() {
        return hook.slot();
    }

    /** Shows the others how many revisions this member has applied. */
    public void show(long revisions) {
        Hook at = hook;
        if (at.slot() != NO_SLOT) {
            at.page().setRevisions(at.slot(), revisions);
        }
    }

    /** What the member of that token shows; empty if it has no slot. Any thread. */
    public OptionalLong shownBy(String owner) {
        Optional<LifeId> wanted = LifeId.parse(owner);
        return wanted.isEmpty() ? OptionalLong.empty() : shownBy(wanted.get());
    }

    private OptionalLong shownBy(LifeId owner) {
        BellPage page = hook.page();
        int slot = page.slotOf(owner);
        return slot == NO_SLOT ? OptionalLong.empty() : OptionalLong.of(page.revisions(slot));
    }

    /** Whether {@link #arm} was called since the last sleep. */
    public boolean isArmed() {
        return armed;
    }

    /** Says that this member is about to sleep. What happens from now on rings; what happened before must be looked for. */
    public void arm() {
        armed = true;
        setState(BellPage.ASLEEP);
        if (selector == null) {
            deafSleeper = Thread.currentThread();
        }
    }

    private void setState(long state) {
        Hook at = hook;
        if (at.slot() != NO_SLOT) {
            at.page().setState(at.slot(), state);
        }
    }

    /** Takes it back: there was news after all. */
    public void disarm() {
        armed = false;
        deafSleeper = null;
        setState(BellPage.AWAKE);
    }

    /** As {@link #sleep(long)}, for {@link #SLEEP_MILLIS}. */
    public void sleep() {
        sleep(SLEEP_MILLIS);
    }

    /** Sleeps until somebody rings, or for so long; not at all if somebody has rung since {@link #arm}. */
    public void sleep(long millis) {
        Selector waiting = selector;
        try {
            if (waiting == null) {
                sleepDeaf();
            } else if (isAsleep()) {
                sleepIn(waiting, millis);
            } else {
                waiting.selectNow(this::answer);
            }
        } catch (IOException | RuntimeException broken) {
            LOG.log(System.Logger.Level.DEBUG, () -> directory.bell(slot()) + ": the bell broke: " + broken);
            goDeaf();
        } finally {
            disarm();
        }
    }

    private boolean isAsleep() {
        Hook at = hook;
        return at.page().state(at.slot()) == BellPage.ASLEEP;
    }

    /** An interrupt that is pending would end every sleep at once and close what is read, so it waits outside. */
    private void sleepIn(Selector waiting, long millis) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            waiting.select(this::answer, millis);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Sleeps while another thread of this process does what this one would: that one was {@link #attended}, so nobody rings.
     * Ends by {@link #hail}, by a ring after {@link #unattended}, or after that time.
     */
    public void doze(long millis) {
        Selector waiting = selector;
        try {
            if (waiting == null) {
                LockSupport.parkNanos(this, DEAF_SLEEP_NANOS);
            } else {
                sleepIn(waiting, millis);
            }
        } catch (IOException | RuntimeException broken) {
            LOG.log(System.Logger.Level.DEBUG, () -> directory.bell(slot()) + ": the bell broke: " + broken);
            goDeaf();
        } finally {
            disarm();
        }
    }

    /** Any thread, one at a time: this one looks for news now, instead of the one that sleeps. False where that is not to be had. */
    public boolean attended() {
        if (slot() == NO_SLOT || selector == null) {
            return false;
        }
        setState(BellPage.AWAKE);
        return true;
    }

    /** The thread that attended does so no more: from now on there are rings again. News from before must be looked for. */
    public void unattended() {
        setState(BellPage.ASLEEP);
    }

    /** Ends the sleep or the doze, any thread. Nothing where the bell was taken down: the slot may be another's then. */
    public void hail() {
        Selector waiting = selector;
        if (waiting != null) {
            setState(BellPage.AWAKE);
            waiting.wakeup();
        }
    }

    private void sleepDeaf() {
        if (deafSleeper != null) {
            LockSupport.parkNanos(this, DEAF_SLEEP_NANOS);
        }
    }

    private void answer(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept((ServerSocketChannel) key.channel());
            } else {
                hear((SocketChannel) key.channel());
            }
        } catch (IOException broken) {
            key.cancel();
            closeQuietly(key.channel());
        }
    }

    private void accept(ServerSocketChannel listening) throws IOException {
        SocketChannel caller = listening.accept();
        if (caller != null) {
            caller.configureBlocking(false);
            caller.register(key(), SelectionKey.OP_READ);
            hear(caller);
        }
    }

    private Selector key() throws IOException {
        Selector open = selector;
        if (open == null) {
            throw new IOException("the bell is closed");
        }
        return open;
    }

    private void hear(SocketChannel caller) throws IOException {
        int heard;
        do {
            rings.clear();
            heard = caller.read(rings);
        } while (heard == rings.capacity());
        if (heard < 0) {
            caller.close();
        }
    }

    /** Wakes the member's thread; any thread of this process. Costs a read of shared memory while it is awake. */
    public void wake() {
        VarHandle.fullFence();
        Selector waiting = selector;
        if (waiting == null) {
            Thread sleeper = deafSleeper;
            if (sleeper != null) {
                deafSleeper = null;
                LockSupport.unpark(sleeper);
            }
        } else {
            Hook at = hook;
            if (at.page().rouse(at.slot())) {
                waiting.wakeup();
            }
        }
    }

    /**
     * The socket goes before it stops listening: a bell that refuses a connection says that its member is dead (rule C6),
     * one that is missing says nothing.
     */
    void goDeaf() {
        Selector broken = selector;
        selector = null;
        takeDownSocket();
        if (broken != null) {
            broken.keys().forEach(key -> closeQuietly(key.channel()));
            closeQuietly(broken);
        }
        closeQuietly(door);
        door = null;
    }

    private void takeDownSocket() {
        FileMark own = socket;
        socket = null;
        if (own != null && own.isInodeOf(directory.bell(slot()))) {
            directory.remove(directory.bell(slot()));
        }
    }

    static void closeQuietly(@Nullable AutoCloseable resource) {
        if (resource != null) {
            try {
                resource.close();
            } catch (Exception nothingToLose) {
                LOG.log(System.Logger.Level.TRACE, "while closing", nothingToLose);
            }
        }
    }

    /** Takes the bell down. */
    @Override
    public void close() {
        goDeaf();
        Hook at = hook;
        if (at.slot() != NO_SLOT) {
            at.page().takeBack(at.slot(), token);
        }
    }
}
