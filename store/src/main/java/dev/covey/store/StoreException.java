package dev.covey.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.jspecify.annotations.Nullable;

/** The one exception of this room. The message names the object, what was expected, what was found and what to do. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final StoreCode code;
    private final String sentence;

    StoreException(StoreCode code, String message) {
        this(code, message, null);
    }

    StoreException(StoreCode code, String message, @Nullable Throwable cause) {
        super(message + " [" + code + "]", cause);
        this.code = code;
        this.sentence = message;
    }

    /** What the disk said, as the caller should see it. */
    static StoreException of(String object, IOException cause) {
        if (cause instanceof DiskFullException) {
            return new StoreException(StoreCode.STORE_FULL, object + ": the disk is full; free some space", cause);
        }
        if (cause instanceof AccessDeniedException) {
            return new StoreException(
                    StoreCode.STORE_FAILED,
                    object + ": access denied; check owner and mode of " + cause.getMessage(),
                    cause);
        }
        if (cause instanceof NotRegularFileException) {
            return new StoreException(StoreCode.CORRUPT, object + ": " + cause.getMessage(), cause);
        }
        return new StoreException(
                StoreCode.STORE_FAILED, object + ": the disk failed (" + cause + "); check it before going on", cause);
    }

    static StoreException corrupt(Object file, long offset, String detail) {
        return new StoreException(StoreCode.CORRUPT, file + " at byte " + offset + ": " + detail);
    }

    /** What an object's files should have had by now. */
    static StoreException missing(String id, long found, long expected) {
        return new StoreException(
                StoreCode.CORRUPT,
                id + ": its files lead to revision " + found + ", revision " + expected + " was expected there");
    }

    /** The message without the code at its end, for those who put it in their own words. */
    public String sentence() {
        return sentence;
    }

    /** Why, for programs. */
    public StoreCode code() {
        return code;
    }
}
