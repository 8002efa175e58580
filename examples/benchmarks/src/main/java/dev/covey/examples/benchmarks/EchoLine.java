package dev.covey.examples.benchmarks;

import java.io.Closeable;

/** A way to another JVM that sends back what it gets. */
interface EchoLine extends Closeable {
    /** Sends a text and waits for it to come back. */
    String echo(String text) throws Exception;
}
