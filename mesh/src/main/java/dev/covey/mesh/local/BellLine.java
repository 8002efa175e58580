package dev.covey.mesh.local;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a member's bell, kept to see whether the member's process is there: the kernel closes it when the process
 * ends, in whatever PID namespace. That is a hint; the proof is that the bell then refuses a new one. A bell that is missing
 * proves nothing: the file may have been removed, and a member that goes deaf removes it itself. Belongs to one thread.
 */
final class BellLine implements AutoCloseable {
    /** How often one is called that could not be reached, and proved nothing. */
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final MeshDirectory directory;
    private final Optional<LifeId> token;
    private final ByteBuffer nothing = ByteBuffer.allocate(1);
    private @Nullable SocketChannel open;
    private long callAt = System.nanoTime();
    private Verdict last = Verdict.UNKNOWN;

    BellLine(MeshDirectory directory, String token) {
        this.directory = directory;
        this.token = LifeId.parse(token);
    }

    Verdict verdict() {
        if (isOpen()) {
            return Verdict.ALIVE;
        }
        long now = System.nanoTime();
        if (now - callAt >= 0) {
            callAt = now + AGAIN_NANOS;
            last = token.map(this::call).orElse(Verdict.UNKNOWN);
        }
        return last;
    }

    /** Bells send nothing: there is nothing to read, or the end. */
    private boolean isOpen() {
        SocketChannel connected = open;
        try {
            if (connected != null && connected.read(nothing.clear()) == 0) {
                return true;
            }
        } catch (IOException broken) {
            // As good as an end.
        }
        close();
        return false;
    }

    private Verdict call(LifeId member) {
        Optional<BellPage> page = BellPage.existing(directory);
        int slot = page.map(bells -> bells.slotOf(member)).orElse(0);
        return page.isEmpty() || slot == 0 ? Verdict.UNKNOWN : call(page.get(), slot, member);
    }

    /**
     * Two refusals at the same file, which was the member's before and after: between them a member that goes deaf has
     * removed it, and who hangs its bell anew has replaced it.
     */
    private Verdict call(BellPage page, int slot, LifeId member) {
        Path bell = directory.bell(slot);
        FileMark before = FileMark.ofOrNull(bell);
        Verdict verdict = dial(bell);
        if (verdict == Verdict.BELL_REFUSES) {
            verdict = dial(bell);
        }
        boolean same = before != null && before.isInodeOf(bell) && page.isOf(slot, member);
        return verdict == Verdict.BELL_REFUSES && !same ? Verdict.UNKNOWN : verdict;
    }

    /** What a bell says to one call, whoever's it is. A full queue of callers is somebody who lives and does not answer. */
    private Verdict dial(Path bell) {
        SocketChannel socket = null;
        if (!isSocket(bell)) {
            return Verdict.UNKNOWN;
        }
        try {
            socket = SocketChannel.open(StandardProtocolFamily.UNIX);
            socket.configureBlocking(false);
            if (socket.connect(UnixDomainSocketAddress.of(bell))) {
                open = socket;
            } else {
                Doorbell.closeQuietly(socket);
            }
            return Verdict.ALIVE;
        } catch (ConnectException refused) {
            Doorbell.closeQuietly(socket);
            return Verdict.BELL_REFUSES;
        } catch (IOException | RuntimeException missingOrNotReachable) {
            Doorbell.closeQuietly(socket);
            return Verdict.UNKNOWN;
        }
    }

    /** Any other file refuses connections, too. */
    private static boolean isSocket(Path bell) {
        try {
            return Files.readAttributes(bell, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther();
        } catch (IOException missing) {
            return false;
        }
    }

    /** What the bell of that slot says, whoever's it is. */
    static Verdict dialled(MeshDirectory directory, int slot) {
        try (BellLine line = new BellLine(directory, "")) {
            return line.dial(directory.bell(slot));
        }
    }

    /** Whether any bell of that mesh is answered. */
    static boolean anyAnswers(MeshDirectory directory) {
        for (Path entry : MeshDirectory.entries(directory.bells())) {
            try (BellLine line = new BellLine(directory, "")) {
                if (line.dial(entry) == Verdict.ALIVE) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public void close() {
        SocketChannel connected = open;
        open = null;
        Doorbell.closeQuietly(connected);
    }
}
