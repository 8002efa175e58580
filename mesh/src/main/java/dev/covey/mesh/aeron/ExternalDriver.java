package dev.covey.mesh.aeron;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import io.aeron.exceptions.AeronException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A media driver that somebody else runs, used instead of one of our own. What would be the driver's directory holds one
 * file that says where it is, so that members find it as they find any other.
 *
 * @param aeronDirectory of the driver
 * @param stream to the host: a driver serves several meshes and epochs, each on its own. Two that draw the same number
 *     hear each other's messages and drop them, since each carries the id of its mesh's life
 */
public record ExternalDriver(Path aeronDirectory, int stream) {
    private static final String FILE = "external";
    private static final long ALIVE_MILLIS = 2_000;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** The driver for one epoch of one life of a mesh. */
    public static ExternalDriver of(Path aeronDirectory, long life, long epoch) {
        long mixed = (life ^ epoch) * SPREAD;
        int stream = (int) (mixed >>> 33) | 1 << 16;
        return new ExternalDriver(aeronDirectory, stream);
    }

    /** Refuses a directory in which no driver works. */
    public static void requireAlive(Path aeronDirectory) {
        try {
            requireRecent(aeronDirectory, DriverHeartbeat.read(aeronDirectory));
        } catch (AeronException none) {
            throw new MeshException(
                    MeshCode.TRANSPORT_LOST,
                    aeronDirectory + ": no Aeron media driver works there (" + none.getMessage()
                            + "); start one of version 1.51, or leave withDriver(path) out to have the host run its own",
                    none);
        }
    }

    /** A standard driver gives a sign of life by the second; a host cannot wait for so long, so here alone clocks are compared. */
    private static void requireRecent(Path aeronDirectory, long heartbeatMillis) {
        long differ = System.currentTimeMillis() - heartbeatMillis;
        if (Math.abs(differ) > ALIVE_MILLIS) {
            throw new MeshException(
                    MeshCode.TRANSPORT_LOST,
                    aeronDirectory + ": the Aeron media driver there has stopped, or the clocks differ by " + differ
                            + " ms: so old is its last sign of life by the clock of this process, at most "
                            + ALIVE_MILLIS
                            + " ms are expected; start one of version 1.51 and let both processes have the same clock, or"
                            + " leave withDriver(path) out to have the host run its own");
        }
    }

    void writeTo(Path directory) throws IOException {
        Files.createDirectory(directory, DriverDirectory.PRIVATE);
        Path file = Files.createFile(directory.resolve(FILE), DriverDirectory.PRIVATE_FILE);
        Files.write(file, List.of(aeronDirectory.toString(), Integer.toString(stream)));
    }

    /** What stands in that directory; empty if the directory is a driver's own. */
    static Optional<ExternalDriver> readFrom(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        if (lines.size() != 2 || !lines.get(1).matches("[0-9]{1,10}")) {
            throw new IOException(file + " says " + lines + ", a path and a number are expected");
        }
        return Optional.of(new ExternalDriver(Path.of(lines.get(0)), Integer.parseInt(lines.get(1))));
    }
}
