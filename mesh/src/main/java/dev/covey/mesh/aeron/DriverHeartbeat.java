package dev.covey.mesh.aeron;

import io.aeron.Aeron;
import io.aeron.CncFileDescriptor;
import io.aeron.exceptions.AeronException;
import java.io.File;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;

/** The sign of life in a driver's file: a time by its own clock, of which only a change says that it lives. */
final class DriverHeartbeat {
    private DriverHeartbeat() {}

    /**
     * Reads it once.
     *
     * @throws AeronException when no driver is there, or it was shut down, or its file is not whole
     */
    static long read(Path aeronDirectory) {
        File file = aeronDirectory.resolve("cnc.dat").toFile();
        if (!file.isFile()) {
            throw new AeronException("no driver is there");
        }
        if (file.length() < CncFileDescriptor.META_DATA_LENGTH) {
            throw new AeronException("the file of the driver there is not whole");
        }
        long heartbeat = map(file);
        if (heartbeat == Aeron.NULL_VALUE) {
            throw new AeronException("the driver there has stopped");
        }
        return heartbeat;
    }

    private static long map(File file) {
        MappedByteBuffer mapped = IoUtil.mapExistingFile(file, file.getName());
        try {
            UnsafeBuffer head = CncFileDescriptor.createMetaDataBuffer(mapped);
            int version = head.getIntVolatile(CncFileDescriptor.cncVersionOffset(0));
            if (version == 0 || !CncFileDescriptor.isCncFileLengthSufficient(head, mapped.capacity())) {
                throw new AeronException("the file of the driver there is not whole");
            }
            CncFileDescriptor.checkVersion(version);
            return new ManyToOneRingBuffer(CncFileDescriptor.createToDriverBuffer(mapped, head))
                    .consumerHeartbeatTime();
        } finally {
            IoUtil.unmap(mapped);
        }
    }
}
