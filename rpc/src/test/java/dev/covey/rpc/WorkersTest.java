package dev.covey.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The threads that handlers run on. */
class WorkersTest {
    private static final int FIRST_JDK_WITH_VIRTUAL_THREADS = 21;

    private static boolean isVirtual(Thread thread) {
        try {
            return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
        } catch (NoSuchMethodException olderJdk) {
            return false;
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Run on both: {@code mvn verify -Djvm=JDK25/bin/java}. */
    @Test
    void theyAreVirtualWhereTheJdkHasThem() {
        Workers workers = new Workers("workers");
        CompletableFuture<Boolean> virtual = new CompletableFuture<>();
        workers.execute(() -> virtual.complete(isVirtual(Thread.currentThread())));
        assertThat(virtual.join()).isEqualTo(Runtime.version().feature() >= FIRST_JDK_WITH_VIRTUAL_THREADS);
        workers.close();
    }
}
