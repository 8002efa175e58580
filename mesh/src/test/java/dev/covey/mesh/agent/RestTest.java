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

    @Test
    void anAgentSleepsWhileAnotherStandsInForItAndIsWokenForWhatIsNotTheOthers() {
        Rest rest = new Rest(bell(), true);
        AtomicInteger agents = new AtomicInteger();
        AtomicInteger others = new AtomicInteger();
        AtomicBoolean stopped = new AtomicBoolean();
        CompletableFuture<Void> agent = agent(rest, agents, stopped);
        await().until(() -> agents.get() > 0);
        await().until(() -> {
            others.set(0);
            int before = agents.get();
            boolean came = rest.standIn(
                    () -> true, () -> 0 * others.incrementAndGet(), () -> others.get() > 100, Long.MAX_VALUE);
            return came && agents.get() - before < 50;
        });
        await().until(() -> {
            int before = agents.get();
            others.set(0);
            rest.standIn(
                    () -> true,
                    () -> {
                        others.incrementAndGet();
                        return Rest.NOT_MINE;
                    },
                    () -> false,
                    Long.MAX_VALUE);
            await().until(() -> agents.get() > before);
            return others.get() == 1;
        });
        stopped.set(true);
        agent.join();
    }

    @Test
    void whatAStandInFailsAtFailsInTheAgent() {
        Rest rest = new Rest(bell(), false);
        CompletableFuture<Void> agent = agent(rest, new AtomicInteger(), new AtomicBoolean());
        await().until(() -> {
            rest.standIn(
                    () -> true,
                    () -> {
                        throw new StackOverflowError("on purpose");
                    },
                    () -> false,
                    Long.MAX_VALUE);
            return agent.isDone();
        });
        assertThatThrownBy(agent::join).hasRootCauseInstanceOf(StackOverflowError.class);
    }

    private static CompletableFuture<Void> agent(Rest rest, AtomicInteger rounds, AtomicBoolean stopped) {
        return CompletableFuture.runAsync(() -> {
            rest.begin();
            while (!stopped.get()) {
                rounds.incrementAndGet();
                rest.after(0);
            }
            rest.end();
        });
    }

    private Doorbell bell() {
        return Doorbell.open(
                MeshDirectory.open("rest", base.resolve("meshes")),
                LifeId.random().text());
    }
}
