package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.LogRecord;

/** One thing a core asked of the world that takes the world some time. */
sealed interface Ask {
    record Append(LogRecord record, long committed) implements Ask {}

    record Force(long epoch, long position) implements Ask {}

    record Commit(long epoch, long from, long to) implements Ask {}

    record Take(long epoch, long position) implements Ask {}

    record Begin(long epoch, long firstPosition) implements Ask {}

    record Serve(long epoch) implements Ask {}

    record StepDown(long epoch) implements Ask {}

    record Send(Envelope envelope) implements Ask {}
}
