package dev.covey.store;

/**
 * How a process uses an object store.
 *
 * @param durability at FSYNC a write returns when it is on the device
 * @param author who the revisions say has written them
 * @param lockWaitMillis how long a write waits for another one of the same object before it is STORE_IN_USE
 */
public record StoreOptions(Durability durability, String author, long lockWaitMillis) {
    /** The longest name of an author. */
    public static final int MAX_AUTHOR_CHARS = 256;

    /** OS, an author named after the process, 5 s. */
    public static final StoreOptions DEFAULT =
            new StoreOptions(Durability.OS, "process " + ProcessHandle.current().pid(), 5_000);

    public StoreOptions {
        if (author.length() > MAX_AUTHOR_CHARS || lockWaitMillis < 0) {
            throw new StoreException(
                    StoreCode.LIMIT_EXCEEDED,
                    "store options: an author of " + author.length() + " characters, lockWaitMillis " + lockWaitMillis
                            + "; at most " + MAX_AUTHOR_CHARS
                            + " and at least 0 are needed");
        }
    }

    public StoreOptions withDurability(Durability durability) {
        return new StoreOptions(durability, author, lockWaitMillis);
    }

    public StoreOptions withAuthor(String author) {
        return new StoreOptions(durability, author, lockWaitMillis);
    }

    public StoreOptions withLockWaitMillis(long lockWaitMillis) {
        return new StoreOptions(durability, author, lockWaitMillis);
    }
}
