package dev.covey.mesh.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.local.Doorbell;
import dev.covey.mesh.local.LifeId;
import dev.covey.mesh.local.MeshDirectory;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestTest {
    @TempDir
    Path base;

    @Test
    void workDoneInsteadOfAnAgentIsDoneWhileItSleepsAlone() {
        Rest rest = new Rest(bell(), false);
        AtomicInteger done = new AtomicInteger();
        rest.insteadOfAgent(done::incrementAndGet);
        assertThat(done).as("nobody has the turn yet").hasValue(1);
        rest.begin();
        rest.insteadOfAgent(done::incrementAndGet);
        CompletableFuture.runAsync(() -> rest.insteadOfAgent(done::incrementAndGet))
                .join();
        assertThat(done).as("the agent has it").hasValue(1);
        rest.end();
        Thread.currentThread().interrupt();
        rest.insteadOfAgent(done::incrementAndGet);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(done).as("of an interrupted thread").hasValue(1);
    }

    @Test
    void whatAnotherThreadFailedAtFailsInTheAgentAndNobodyGoesOnWithIt() {
        Doorbell bell = bell();
        Rest rest = new Rest(bell, false);
        AtomicInteger done = new AtomicInteger();
        rest.insteadOfAgent(() -> {
            throw new StackOverflowError("on purpose");
        });
        rest.insteadOfAgent(done::incrementAndGet);
        assertThat(done).hasValue(0);
        CompletableFuture<Void> agent = CompletableFuture.runAsync(() -> {
            rest.begin();
            while (true) {
                rest.after(0);
            }
        });
        assertThatThrownBy(agent::join)
                .isInstanceOf(CompletionException.class)
                .hasRootCauseInstanceOf(StackOverflowError.class);
    }

    @Test
    void anAgentThatNeverSleepsLetsOthersSendBetweenItsRounds() {
        Rest rest = new Rest(bell(), true);
        AtomicInteger done = new AtomicInteger();
        AtomicBoolean stopped = new AtomicBoolean();
        CompletableFuture<Void> agent = CompletableFuture.runAsync(() -> {
            rest.begin();
            while (!stopped.get()) {
                rest.after(0);
            }
            rest.end();
        });
        await().until(() -> {
            rest.insteadOfAgent(done::incrementAndGet);
            return done.get() >= 10;
        });
        stopped.set(true);
        agent.join();
    }

    private Doorbell bell() {
        return Doorbell.open(
                MeshDirectory.open("rest", base.resolve("meshes")),
                LifeId.random().text());
    }
}
