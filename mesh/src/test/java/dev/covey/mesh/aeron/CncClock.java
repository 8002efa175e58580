package dev.covey.mesh.aeron;

import io.aeron.CncFileDescriptor;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import org.agrona.IoUtil;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;

/** Sets back the clock of a driver's file, as if the driver had stopped long ago. */
final class CncClock {
    private CncClock() {}

    static void setHeartbeat(Path cncFile, long epochMillis) {
        MappedByteBuffer cnc = IoUtil.mapExistingFile(cncFile.toFile(), "cnc");
        try {
            new ManyToOneRingBuffer(
                            CncFileDescriptor.createToDriverBuffer(cnc, CncFileDescriptor.createMetaDataBuffer(cnc)))
                    .consumerHeartbeatTime(epochMillis);
        } finally {
            IoUtil.unmap(cnc);
        }
    }
}
