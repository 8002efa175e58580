package dev.covey.mesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.covey.store.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreClaimTest {
    @TempDir
    Path temp;

    private Path store() {
        return temp.resolve("store");
    }

    private StoreClaim.Owner owner(String name, long life) {
        return owner(temp.resolve("base"), name, life);
    }

    private static StoreClaim.Owner owner(Path base, String name, long life) {
        return StoreClaim.Owner.of(new LifeId(life, life), MeshDirectory.open(name, base));
    }

    @Test
    void anUnclaimedStoreIsClaimedAndGivenBack() {
        assertThat(StoreClaim.ownedByLivingMesh(store())).isFalse();
        StoreClaim claim = StoreClaim.acquire(store(), owner("one", 1));
        assertThat(StoreClaim.ownedByLivingMesh(store())).isTrue();
        claim.close();
        assertThat(StoreClaim.ownedByLivingMesh(store())).isFalse();
    }

    /** Without it a mesh is over, or not quite begun. */
    private Path controlFile(String name) throws IOException {
        MeshDirectory mesh = MeshDirectory.open(name, temp.resolve("base"));
        Files.createDirectories(mesh.path());
        return Files.createFile(mesh.controlFile());
    }

    @Test
    void theMembersOfAMeshWhoseDirectoryWasRemovedAreWaitedFor() throws Exception {
        Path found = controlFile("one");
        try (ChildJvm one = claimant("one", 1)) {
            assertThat(one.line()).isEqualTo("claimed");
            Files.delete(found);
            CompletableFuture<StoreClaim> next =
                    CompletableFuture.supplyAsync(() -> StoreClaim.acquire(store(), owner("two", 2)));
            await().during(Duration.ofMillis(300)).until(() -> !next.isDone());
            one.kill();
            next.get(StoreClaim.WAIT_MILLIS, TimeUnit.MILLISECONDS).close();
        }
    }

    @Test
    void aMemberThatDoesNotLeaveAMeshWhoseDirectoryWasRemovedIsNamed() {
        StoreClaim claim = StoreClaim.acquire(store(), owner("one", 1));
        assertThatThrownBy(() -> StoreClaim.acquire(store(), owner("two", 2), 20))
                .hasMessageContaining("not left within 20 ms")
                .hasMessageContaining("whose directory " + temp.resolve("base/one") + " was removed")
                .hasMessageContaining("fuser " + store().resolve(".mesh"))
                .hasMessageEndingWith("[STORE_IN_USE]");
        claim.close();
    }

    @Test
    void anotherMeshInThisProcessIsRefusedByName() throws IOException {
        controlFile("one");
        StoreClaim claim = StoreClaim.acquire(store(), owner("one", 1));
        assertThatThrownBy(() -> StoreClaim.acquire(store(), owner("two", 2)))
                .hasMessageContaining("this store belongs to the living mesh " + temp.resolve("base/one"))
                .hasMessageEndingWith("[STORE_IN_USE]");
        claim.close();
        StoreClaim.acquire(store(), owner("two", 2)).close();
    }

    @Test
    void whoDiesBeforeTheLossesOfAnotherBootAreDealtWithLeavesThemToTheNext() throws IOException {
        StoreClaim.acquire(store(), owner("one", 1)).close();
        String boot = "01234567-89ab-cdef-0123-456789abcdef";
        Files.writeString(
                store().resolve(".mesh"), new StoreClaim.Owner(new LifeId(1, 1), boot, temp.resolve("base")).text());
        StoreClaim died = StoreClaim.acquire(store(), owner("two", 2));
        assertThat(died.wasOfAnotherBoot()).isTrue();
        died.close();
        StoreClaim next = StoreClaim.acquire(store(), owner("three", 3));
        assertThat(next.wasOfAnotherBoot()).isTrue();
        next.settle();
        next.close();
        StoreClaim last = StoreClaim.acquire(store(), owner("four", 4));
        assertThat(last.wasOfAnotherBoot()).isFalse();
        last.close();
    }

    /** Claims the store for a life of a mesh, says how it went, and keeps it until its input ends. */
    static final class Claimant {
        public static void main(String[] arguments) throws IOException {
            StoreClaim.Owner owner = owner(Path.of(arguments[1]), arguments[2], Long.parseLong(arguments[3]));
            try {
                StoreClaim claim = StoreClaim.acquire(Path.of(arguments[0]), owner);
                System.out.println("claimed");
                System.in.read();
                claim.close();
            } catch (RuntimeException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    private ChildJvm claimant(String name, long life) {
        return ChildJvm.start(
                Claimant.class, store().toString(), temp.resolve("base").toString(), name, Long.toString(life));
    }

    @Test
    void processesOfOneMeshShareTheClaimAndAnotherMeshIsRefusedUntilTheDeathOfAll() throws IOException {
        controlFile("one");
        try (ChildJvm one = claimant("one", 1);
                ChildJvm two = claimant("one", 1)) {
            assertThat(one.line()).isEqualTo("claimed");
            assertThat(two.line()).isEqualTo("claimed");
            one.kill();
            one.awaitEnd();
            assertThat(StoreClaim.ownedByLivingMesh(store())).isTrue();
            assertThatThrownBy(() -> StoreClaim.acquire(store(), owner("two", 2)))
                    .hasMessageEndingWith("[STORE_IN_USE]");
            two.kill();
            await().until(() -> !StoreClaim.ownedByLivingMesh(store()));
            StoreClaim.acquire(store(), owner("two", 2)).close();
        }
    }

    @Test
    void oneMemberThatLeavesDoesNotDropTheClaimOfAnotherInItsProcess() throws IOException {
        controlFile("one");
        StoreClaim one = StoreClaim.acquire(store(), owner("one", 1));
        StoreClaim two = StoreClaim.acquire(store(), owner("one", 1));
        one.close();
        one.close();
        try (ChildJvm stranger = claimant("two", 2)) {
            assertThat(stranger.line()).endsWith("[STORE_IN_USE]");
        }
        two.close();
        try (ChildJvm stranger = claimant("two", 2)) {
            assertThat(stranger.line()).isEqualTo("claimed");
        }
    }

    @Test
    void aClaimThatADeathCutShortIsNoClaim() throws IOException {
        Files.createDirectories(store());
        Files.writeString(store().resolve(".mesh"), owner("one", 1).text().substring(0, 30));
        StoreClaim.acquire(store(), owner("two", 2)).close();
    }

    @Test
    void aClaimOfAnotherBootIsKnownAsSuchAndOneOfThisBootIsNot() throws IOException {
        Files.createDirectories(store());
        StoreClaim.Owner before =
                new StoreClaim.Owner(new LifeId(1, 1), "00000000-0000-0000-0000-000000000000", temp.resolve("base"));
        Files.writeString(store().resolve(".mesh"), before.text());
        StoreClaim claim = StoreClaim.acquire(store(), owner("two", 2));
        assertThat(claim.wasOfAnotherBoot()).isTrue();
        claim.settle();
        claim.close();
        StoreClaim next = StoreClaim.acquire(store(), owner("three", 3));
        assertThat(next.wasOfAnotherBoot()).isFalse();
        next.close();
    }

    @Test
    void anOwnerIsReadBackWhateverItsPath() {
        StoreClaim.Owner odd =
                new StoreClaim.Owner(new LifeId(-1, 7), ProcessIdentity.self().bootId(), Path.of("/tmp/a b\nc end"));
        assertThat(StoreClaim.Owner.parse(odd.text())).contains(odd);
    }
}
