package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;

/** Something else has the name of a file: a directory, a pipe, a socket, a link. It was not opened. */
final class NotRegularFileException extends IOException {
    private static final long serialVersionUID = 1L;

    NotRegularFileException(Path file, String found) {
        super(file + " is " + found + ", a regular file was expected; move it away");
    }
}
