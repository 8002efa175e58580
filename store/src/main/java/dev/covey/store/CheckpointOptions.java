package dev.covey.store;

/**
 * How revision files are written.
 *
 * @param durability at FSYNC {@link Checkpointer#position} moves only when the files are on the device
 * @param markMillis how often, at most, {@link Checkpointer#position} is moved on
 * @param objectsInMemory newest states kept in memory; others are read from their files again when they change
 */
public record CheckpointOptions(Durability durability, long markMillis, int objectsInMemory) {
    /** OS, 100 ms, 100,000 objects. */
    public static final CheckpointOptions DEFAULT = new CheckpointOptions(Durability.OS, 100, 100_000);

    public CheckpointOptions {
        if (markMillis < 0 || objectsInMemory < 1) {
            throw new StoreException(
                    StoreCode.LIMIT_EXCEEDED,
                    "checkpoint options: markMillis " + markMillis + " and objectsInMemory " + objectsInMemory
                            + "; at least 0 and 1 are needed");
        }
    }

    public CheckpointOptions withDurability(Durability durability) {
        return new CheckpointOptions(durability, markMillis, objectsInMemory);
    }

    public CheckpointOptions withMarkMillis(long markMillis) {
        return new CheckpointOptions(durability, markMillis, objectsInMemory);
    }

    public CheckpointOptions withObjectsInMemory(int objectsInMemory) {
        return new CheckpointOptions(durability, markMillis, objectsInMemory);
    }
}
