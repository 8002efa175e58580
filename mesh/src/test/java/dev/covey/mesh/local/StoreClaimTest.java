package dev.covey.mesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.covey.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreClaimTest {
    private static final FakeHeir HEIR = new FakeHeir();

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
        StoreClaim claim = StoreClaim.acquire(store(), owner("one", 1), HEIR);
        assertThat(StoreClaim.ownedByLivingMesh(store())).isTrue();
        claim.close();
        assertThat(StoreClaim.ownedByLivingMesh(store())).isFalse();
    }

    /** Without it a mesh is over, or not quite begun. */
    private Path controlFile(String name, long life) {
        return ControlFile.create(
                        MeshDirectory.open(name, temp.resolve("base")),
                        new ControlFile.Birth(new LifeId(life, life), FakeHeir.VERSION, new byte[0], 1, 0))
                .path();
    }

    private static String version1(StoreClaim.Owner owner) {
        return "covey-owner " + owner.lifeId() + " " + owner.bootId() + " " + owner.meshDirectory() + " end\n";
    }

    @Test
    void theMembersOfAMeshWhoseDirectoryWasRemovedAreWaitedFor() throws Exception {
        Path found = controlFile("one", 1);
        try (ChildJvm one = claimant("one", 1)) {
            assertThat(one.line()).isEqualTo("claimed");
            Files.delete(found);
            CompletableFuture<StoreClaim> next =
                    CompletableFuture.supplyAsync(() -> StoreClaim.acquire(store(), owner("two", 2), HEIR));
            await().during(Duration.ofMillis(300)).until(() -> !next.isDone());
            one.kill();
            next.get(StoreClaim.WAIT_MILLIS, TimeUnit.MILLISECONDS).close();
        }
    }

    @Test
    void aMemberThatDoesNotLeaveAMeshWhoseDirectoryWasRemovedIsNamed() {
        StoreClaim claim = StoreClaim.acquire(store(), owner("one", 1), HEIR);
        assertThatThrownBy(() -> StoreClaim.acquire(store(), owner("two", 2), HEIR, 20))
                .hasMessageContaining("not left within 20 ms")
                .hasMessageContaining("whose directory " + temp.resolve("base/one") + " was removed")
                .hasMessageContaining("fuser " + store().resolve(".mesh"))
                .hasMessageEndingWith("[STORE_IN_USE]");
        claim.close();
    }

    @Test
    void anotherMeshInThisProcessIsRefusedByName() throws IOException {
        controlFile("one", 1);
        StoreClaim claim = StoreClaim.acquire(store(), owner("one", 1), HEIR);
        assertThatThrownBy(() -> StoreClaim.acquire(store(), owner("two", 2), HEIR))
                .hasMessageContaining("this store belongs to the living mesh " + temp.resolve("base/one"))
                .hasMessageEndingWith("[STORE_IN_USE]");
        claim.close();
        StoreClaim.acquire(store(), owner("two", 2), HEIR).close();
    }

    @Test
    void whoDiesBeforeTheLossesOfAnotherBootAreDealtWithLeavesThemToTheNext() throws IOException {
        StoreClaim.acquire(store(), owner("one", 1), HEIR).close();
        String boot = "01234567-89ab-cdef-0123-456789abcdef";
        Files.writeString(
                store().resolve(".mesh"), version1(new StoreClaim.Owner(new LifeId(1, 1), boot, temp.resolve("base"))));
        StoreClaim died = StoreClaim.acquire(store(), owner("two", 2), HEIR);
        assertThat(died.wasOfAnotherBoot()).isTrue();
        died.close();
        StoreClaim next = StoreClaim.acquire(store(), owner("three", 3), HEIR);
        assertThat(next.wasOfAnotherBoot()).isTrue();
        next.settle();
        next.close();
        StoreClaim last = StoreClaim.acquire(store(), owner("four", 4), HEIR);
        assertThat(last.wasOfAnotherBoot()).isFalse();
        last.close();
    }

    /** Claims the store for a life of a mesh, says how it went, and keeps it until its input ends. */
    static final class Claimant {
        public static void main(String[] arguments) throws IOException {
            StoreClaim.Owner owner = owner(Path.of(arguments[1]), arguments[2], Long.parseLong(arguments[3]));
            try {
                StoreClaim claim = StoreClaim.acquire(Path.of(arguments[0]), owner, HEIR);
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
        controlFile("one", 1);
        try (ChildJvm one = claimant("one", 1);
                ChildJvm two = claimant("one", 1)) {
            assertThat(one.line()).isEqualTo("claimed");
            assertThat(two.line()).isEqualTo("claimed");
            one.kill();
            one.awaitEnd();
            assertThat(StoreClaim.ownedByLivingMesh(store())).isTrue();
            assertThatThrownBy(() -> StoreClaim.acquire(store(), owner("two", 2), HEIR))
                    .hasMessageEndingWith("[STORE_IN_USE]");
            two.kill();
            await().until(() -> !StoreClaim.ownedByLivingMesh(store()));
            StoreClaim.acquire(store(), owner("two", 2), HEIR).close();
        }
    }

    @Test
    void oneMemberThatLeavesDoesNotDropTheClaimOfAnotherInItsProcess() throws IOException {
        controlFile("one", 1);
        StoreClaim one = StoreClaim.acquire(store(), owner("one", 1), HEIR);
        StoreClaim two = StoreClaim.acquire(store(), owner("one", 1), HEIR);
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
        Files.writeString(store().resolve(".mesh"), version1(owner("one", 1)).substring(0, 30));
        StoreClaim.acquire(store(), owner("two", 2), HEIR).close();
    }

    @Test
    void aClaimOfAnotherBootIsKnownAsSuchAndOneOfThisBootIsNot() throws IOException {
        Files.createDirectories(store());
        StoreClaim.Owner before =
                new StoreClaim.Owner(new LifeId(1, 1), "00000000-0000-0000-0000-000000000000", temp.resolve("base"));
        Files.writeString(store().resolve(".mesh"), version1(before));
        StoreClaim claim = StoreClaim.acquire(store(), owner("two", 2), HEIR);
        assertThat(claim.wasOfAnotherBoot()).isTrue();
        claim.settle();
        claim.close();
        StoreClaim next = StoreClaim.acquire(store(), owner("three", 3), HEIR);
        assertThat(next.wasOfAnotherBoot()).isFalse();
        next.close();
    }

    /** Claims the store, loses its lock as any member does that reads its own files, and says so. */
    static final class Reader {
        public static void main(String[] arguments) throws IOException {
            Path store = Path.of(arguments[0]);
            StoreClaim claim = StoreClaim.acquire(store, owner(Path.of(arguments[1]), "one", 1), HEIR);
            Files.readAllBytes(store.resolve(".mesh"));
            System.out.println("read");
            while (System.in.read() == 'l') {
                claim.lookAfter();
                System.out.println("looked");
            }
        }
    }

    private ChildJvm reader() {
        return ChildJvm.start(
                Reader.class, store().toString(), temp.resolve("base").toString());
    }

    @Test
    void aMemberThatReadTheClaimAndSoLostItsLockOwnsTheStoreStill() {
        controlFile("one", 1);
        try (ChildJvm one = reader()) {
            assertThat(one.line()).isEqualTo("read");
            assertThat(StoreClaim.ownedByLivingMesh(store())).isTrue();
            assertThatThrownBy(() -> StoreClaim.acquire(store(), owner("two", 2), HEIR))
                    .hasMessageContaining("belongs to the living mesh " + temp.resolve("base/one"))
                    .hasMessageContaining("process " + one.pid())
                    .hasMessageEndingWith("[STORE_IN_USE]");
            try (ObjectStore lone = ObjectStore.open(store())) {
                assertThatThrownBy(() -> lone.create("a", JsonNodeFactory.instance.objectNode()))
                        .hasMessageContaining("process " + one.pid())
                        .hasMessageEndingWith("[STORE_IN_USE]");
            }
            one.kill();
            one.awaitEnd();
            StoreClaim.acquire(store(), owner("two", 2), HEIR).close();
        }
    }

    @Test
    void whatWasRemovedFromTheStoreUnderALivingMemberIsMadeAgain() throws IOException {
        controlFile("one", 1);
        StoreClaim one = StoreClaim.acquire(store(), owner("one", 1), HEIR);
        Path members = store().resolve(".members");
        List<Path> made = MeshDirectory.entries(members);
        assertThat(made).hasSize(2);
        for (Path each : made) {
            Files.delete(each);
        }
        Files.delete(members);
        Files.delete(store().resolve(".mesh"));
        one.lookAfter();
        assertThat(MeshDirectory.entries(members)).isEqualTo(made);
        assertThat(StoreClaim.owner(store())).contains(owner("one", 1));
        try (ChildJvm stranger = claimant("two", 2);
                ChildJvm mate = claimant("one", 1)) {
            assertThat(stranger.line()).endsWith("[STORE_IN_USE]");
            assertThat(mate.line()).isEqualTo("claimed");
        }
        one.close();
        await().until(() -> !StoreClaim.ownedByLivingMesh(store()));
        assertThat(members).isEmptyDirectory();
    }

    private boolean isLockHeld() throws IOException {
        try (LockFile file = LockFile.openExisting(store().resolve(".mesh")).orElseThrow()) {
            return !file.tryExclusive(StoreClaim.MEMBERS_BYTE);
        }
    }

    @Test
    void aLockThatWasLostIsTakenAgain() throws IOException {
        controlFile("one", 1);
        try (ChildJvm one = reader()) {
            assertThat(one.line()).isEqualTo("read");
            assertThat(isLockHeld()).isFalse();
            await().until(() -> {
                one.say("l");
                assertThat(one.line()).isEqualTo("looked");
                return isLockHeld();
            });
        }
    }

    @Test
    void aStoreThatIsGoneIsNotMadeAgain() throws IOException {
        StoreClaim one = StoreClaim.acquire(store(), owner("one", 1), HEIR);
        Path elsewhere = temp.resolve("elsewhere");
        Files.move(store(), elsewhere);
        one.lookAfter();
        assertThat(store()).doesNotExist();
        Files.move(elsewhere, store());
        one.close();
    }
}
