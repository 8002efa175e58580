package dev.covey.mesh.agent;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How who closes a member waits for its end. */
final class Closing {
    /** How long a closing member waits for its leaving to be recorded. */
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(5);
    /** How long the last member out may take to write what revision files lack. */
    private static final Duration WRITE_TIMEOUT = Duration.ofMillis(Recorder.STOP_MILLIS + 5_000);

    /** How long is waited for the end of a member that never was one, and is owed nothing. */
    private static final Duration BRIEFLY = Duration.ofSeconds(1);

    private final CountDownLatch ended = new CountDownLatch(1);

    /** The member has ended. */
    void done() {
        ended.countDown();
    }

    /** Waits; {@code leaveNow} is for when that takes too long, or the thread is interrupted. */
    void await(Runnable leaveNow) {
        try {
            if (!ended.await(LEAVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                leaveNow.run();
                ended.await(WRITE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException interrupted) {
            leaveNow.run();
            Thread.currentThread().interrupt();
        }
    }

    /** Waits a moment; what takes longer goes on without the caller. */
    void awaitBriefly() {
        try {
            ended.await(BRIEFLY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
