package dev.covey.mesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.protocol.Cell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a store goes from a mesh whose members are all dead to another one, and what a death in between leaves. */
class SuccessionTest {
    private static final long CELL = Cell.pack(3, 40);

    @TempDir
    Path temp;

    private final FakeHeir heir = new FakeHeir();

    private Path store() {
        return temp.resolve("store");
    }

    private MeshDirectory directory(String name) {
        return MeshDirectory.open(name, temp.resolve("base"));
    }

    private StoreClaim.Owner owner(String name, long life) {
        return StoreClaim.Owner.of(new LifeId(life, life), directory(name));
    }

    private StoreClaim claim(String name, long life) {
        StoreClaim claim = StoreClaim.acquire(store(), owner(name, life), heir, 0);
        claim.settle();
        return claim;
    }

    private ControlFile control(String name, long life, int version) {
        return ControlFile.create(
                directory(name),
                new ControlFile.Birth(new LifeId(life, life), version, new byte[0], 3, Cell.position(CELL)));
    }

    /** A mesh that owned the store, with all its members dead. */
    private ControlFile former() {
        claim("former", 1).close();
        return control("former", 1, FakeHeir.VERSION);
    }

    private boolean isSaidToBeTakenOver() throws IOException {
        return Files.readString(store().resolve(".mesh")).contains(" closing ")
                && ClaimText.newest(Files.readString(store().resolve(".mesh")))
                                .orElseThrow()
                                .closing()
                        != null;
    }

    @Test
    void theFormerCellIsClosedAtTheValueThatWasNotedAndItsJournalCarriedUpToThere() throws IOException {
        ControlFile former = former();
        heir.duringCheck = () -> assertThat(former.cell()).isEqualTo(CELL);
        heir.duringCarry = () -> assertThat(former.cell()).isEqualTo(Cell.CLOSED);
        claim("next", 2).close();
        String cell = Long.toHexString(CELL);
        assertThat(heir.asked).containsExactly("check former to " + cell, "carry former to " + cell);
        assertThat(isSaidToBeTakenOver()).isFalse();
        assertThat(StoreClaim.owner(store())).contains(owner("next", 2));
    }

    @Test
    void whoWasKilledWhileItCarriedIsGoneOnForByTheNextClaimer() throws IOException {
        former();
        heir.duringCarry = () -> {
            throw new IllegalStateException("killed here");
        };
        assertThatThrownBy(() -> claim("killed", 2)).hasMessageContaining("killed here");
        assertThat(isSaidToBeTakenOver()).isTrue();
        heir.duringCarry = () -> {};
        claim("next", 3).close();
        assertThat(heir.asked.get(heir.asked.size() - 1)).isEqualTo("carry former to " + Long.toHexString(CELL));
        assertThat(heir.asked).hasSize(3);
        assertThat(isSaidToBeTakenOver()).isFalse();
    }

    @Test
    void whoWasKilledWhileItCarriedIsGoneOnForBeforeTheFormerDirectoryGoes() throws IOException {
        ControlFile former = former();
        heir.duringCarry = () -> {
            throw new IllegalStateException("killed here");
        };
        assertThatThrownBy(() -> claim("killed", 2)).hasMessageContaining("killed here");
        StoreClaim.finish(store(), new LifeId(5, 5), heir);
        assertThat(isSaidToBeTakenOver()).isTrue();
        assertThatThrownBy(() -> StoreClaim.finish(store(), former.lifeId(), heir))
                .hasMessageContaining("Mesh.remove(\"former\")")
                .hasMessageEndingWith("[STORE_IN_USE]");
        heir.duringCarry = () -> {};
        StoreClaim.finish(store(), former.lifeId(), heir);
        assertThat(isSaidToBeTakenOver()).isFalse();
        StoreClaim.finish(store(), former.lifeId(), heir);
        assertThat(heir.asked).hasSize(4);
    }

    @Test
    void aClaimWhoseWriterWasKilledBeforeItClosedTheCellLeavesTheFormerTheOwner() throws IOException {
        ControlFile former = former();
        noteTakeOver(owner("killed", 2));
        StoreClaim mate = claim("former", 1);
        assertThat(isSaidToBeTakenOver()).isFalse();
        assertThat(StoreClaim.owner(store())).contains(owner("former", 1));
        mate.close();
        noteTakeOver(owner("killed", 2));
        claim("next", 3).close();
        assertThat(former.cell()).isEqualTo(Cell.CLOSED);
        assertThat(heir.asked).hasSize(2);
    }

    private void noteTakeOver(StoreClaim.Owner by) throws IOException {
        try (LockFile file = LockFile.openExisting(store().resolve(".mesh")).orElseThrow()) {
            ClaimText last = ClaimText.newest(file.text()).orElseThrow();
            ClaimText next = ClaimText.after(
                    java.util.Optional.of(last), by, last.store(), new ClaimText.Closing(owner("former", 1), CELL));
            file.write(next.offset(), next.text());
        }
    }

    @Test
    void aCellThatMovesMeanwhileBelongsToALivingMeshWhateverWasFound() throws IOException {
        ControlFile former = former();
        long moved = Cell.pack(3, 41);
        heir.duringCheck = () -> former.compareAndSetCell(CELL, moved);
        assertThatThrownBy(() -> claim("next", 2))
                .hasMessageContaining("whose commit cell has moved")
                .hasMessageEndingWith("[STORE_IN_USE]");
        assertThat(former.cell()).isEqualTo(moved);
        assertThat(StoreClaim.owner(store())).contains(owner("former", 1));
        assertThat(isSaidToBeTakenOver()).isFalse();
    }

    @Test
    void whatCannotBeCarriedIsRefusedBeforeAnythingIsClosed() {
        ControlFile former = former();
        heir.duringCheck = () -> {
            throw new MeshException(MeshCode.CORRUPT, "record 12 is damaged");
        };
        assertThatThrownBy(() -> claim("next", 2))
                .hasMessageContaining(store() + ": this store belonged to mesh former in "
                        + directory("former").path())
                .hasMessageContaining("record 12 is damaged")
                .hasMessageContaining("Mesh.remove(\"former\")")
                .hasMessageEndingWith("[STORE_IN_USE]");
        assertThat(former.cell()).isEqualTo(CELL);
        assertThat(StoreClaim.owner(store())).contains(owner("former", 1));
    }

    @Test
    void aFormerOwnerOfAnotherProtocolVersionIsNamed() {
        claim("former", 1).close();
        control("former", 1, FakeHeir.VERSION + 1);
        assertThatThrownBy(() -> claim("next", 2))
                .hasMessageContaining("protocol version " + (FakeHeir.VERSION + 1))
                .hasMessageContaining("Mesh.remove(\"former\")")
                .hasMessageEndingWith("[STORE_IN_USE]");
    }

    @Test
    void nothingIsClosedWhereTheFormerLeftInOrderOrItsDirectoryIsGoneOrAnotherLifeHasIt() throws IOException {
        ControlFile left = former();
        assertThat(left.compareAndSetCell(CELL, Cell.CLOSED)).isTrue();
        claim("next", 2).close();
        Files.delete(left.path());
        claim("former", 3).close();
        ControlFile other = control("former", 4, FakeHeir.VERSION);
        claim("next", 5).close();
        assertThat(other.cell()).isEqualTo(CELL);
        assertThat(heir.asked).isEmpty();
    }

    @Test
    void whoClaimsACopyOfAStoreClosesNobody() throws IOException {
        ControlFile former = former();
        Path copy = temp.resolve("copy");
        Files.createDirectories(copy);
        Files.copy(store().resolve(".mesh"), copy.resolve(".mesh"));
        StoreClaim.acquire(copy, owner("next", 2), heir, 0).close();
        assertThat(former.cell()).isEqualTo(CELL);
        assertThat(heir.asked).isEmpty();
    }
}
