package dev.covey.store;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Sockets of this machine that say by their existence that a process lives. Nothing is ever sent through them. */
final class LocalSocket {
    private static final System.Logger LOG = System.getLogger(LocalSocket.class.getName());
    private static final int BACKLOG = 16;

    private LocalSocket() {}

    /** Null where the path is too long for a socket, or its file system has none. */
    static Disk.@Nullable Held listen(Path socket) {
        ServerSocketChannel channel = null;
        try {
            channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            channel.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            return channel::close;
        } catch (IOException | RuntimeException failed) {
            LOG.log(System.Logger.Level.DEBUG, () -> socket + ": no socket here: " + failed);
            closeQuietly(channel);
            return null;
        }
    }

    /** A full queue is somebody who lives and does not answer. A file that is no socket refuses too, and proves nothing. */
    static boolean refuses(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            if (!Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther()) {
                return false;
            }
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(socket));
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException | RuntimeException missingOrNotReachable) {
            return false;
        }
    }

    private static void closeQuietly(@Nullable ServerSocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException nothingWasSent) {
            // It listens to nobody any more.
        }
    }
}
