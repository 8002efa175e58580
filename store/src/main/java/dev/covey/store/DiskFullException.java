package dev.covey.store;

import java.io.IOException;

/** No space left (or quota used up): the one disk error after which waiting helps. */
final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }

    DiskFullException(String message) {
        super(message);
    }
}
