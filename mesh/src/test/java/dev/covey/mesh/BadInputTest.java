package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import dev.covey.patch.PatchException;
import dev.covey.store.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong ends in one typed exception, with a sentence that says what to do, and leaves nothing behind. */
class BadInputTest {
    @TempDir
    Path temporary;

    private Path base() {
        return temporary.resolve("meshes");
    }

    private MeshOptions options() {
        return MeshOptions.DEFAULT.withDirectory(base());
    }

    private static MeshException refusal(Runnable join) {
        return catchThrowableOfType(MeshException.class, join::run);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Hello", "../etc", ".hidden", "a/b", "a b", "ünicode", "-dash"})
    void aMeshNameThatIsNotAllowedIsRefusedBeforeAnyFileIsTouched(String name) {
        MeshException refused = refusal(() -> Mesh.join(name, options()));
        assertThat(refused.code()).isEqualTo(MeshCode.BAD_NAME);
        assertThat(refused).hasMessageContaining("[a-z0-9][a-z0-9._-]{0,63}").hasMessageEndingWith("[BAD_NAME]");
        assertThat(base()).doesNotExist();
    }

    @Test
    void aMeshNameThatIsTooLongIsRefused() {
        assertThat(refusal(() -> Mesh.join("a".repeat(65), options())).code()).isEqualTo(MeshCode.BAD_NAME);
    }

    @Test
    void aDirectoryThatOthersCanWriteToIsRefused() throws IOException {
        Files.createDirectory(
                base(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setPosixFilePermissions(base(), PosixFilePermissions.fromString("rwxrwxrwx"));
        MeshException refused = refusal(() -> Mesh.join("open", options()));
        assertThat(refused.code()).isEqualTo(MeshCode.INSECURE_DIRECTORY);
        assertThat(refused).hasMessageContaining(base().toString());
        assertThat(base()).isEmptyDirectory();
    }

    @Test
    void aSymbolicLinkInPlaceOfTheDirectoryIsRefused() throws IOException {
        Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        Files.createSymbolicLink(base(), elsewhere);
        assertThat(refusal(() -> Mesh.join("linked", options())).code()).isEqualTo(MeshCode.INSECURE_DIRECTORY);
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void durabilityThatNeedsAStoreIsRefusedWithoutOneAndNothingIsLeftBehind() {
        MeshException refused = refusal(() -> Mesh.join("nostore", options().withDurability(Durability.OS)));
        assertThat(refused).hasMessageContaining("withStore(path)");
        assertThat(base().resolve("nostore")).doesNotExist();
    }

    @Test
    void otherOptionsThanTheMeshHasAreRefusedNamingBoth() {
        try (Mesh mesh = Mesh.join("settled", options().withHostTimeout(Duration.ofSeconds(3)))) {
            MeshException refused =
                    refusal(() -> Mesh.join("settled", options().withHostTimeout(Duration.ofSeconds(4))));
            assertThat(refused.code()).isEqualTo(MeshCode.OPTIONS_MISMATCH);
            assertThat(refused).hasMessageContaining("3000 ms").hasMessageContaining("4000 ms");
            try (Mesh second = Mesh.join("settled", options())) {
                assertThat(second.members()).hasSize(2).contains(mesh.self());
            }
        }
    }

    @Test
    void aStoreBelongsToOneMeshAtATime() {
        Path store = temporary.resolve("store");
        try (Mesh owner = Mesh.join("owner", options().withStore(store))) {
            MeshException refused = refusal(() -> Mesh.join("other", options().withStore(store)));
            assertThat(refused.code()).isEqualTo(MeshCode.STORE_IN_USE);
            assertThat(refused).hasMessageContaining("owner");
            assertThat(base().resolve("other")).doesNotExist();
            assertThat(owner.members()).hasSize(1);
        }
    }

    @Test
    void aPatchThatDoesNotApplyIsRefusedWithTheCurrentValueAndTheReason() {
        try (Mesh mesh = Mesh.join("apply", options())) {
            SharedObject ledger = mesh.object("ledger");
            ledger.patch(Patch.set("/balance", "a lot")).join();
            MeshException refused = refusalOf(ledger, Patch.inc("/balance", 1));
            assertThat(refused.code()).isEqualTo(MeshCode.INVALID_PATCH);
            assertThat(refused).hasMessageContaining("ledger").hasMessageContaining("/balance");
            assertThat(refused.getCause()).isInstanceOf(PatchException.class);
            Refused met = refused.refused().orElseThrow();
            assertThat(met.revision()).isEqualTo(1);
            assertThat(met.value().toString()).isEqualTo("{\"balance\":\"a lot\"}");
            assertThat(ledger.revision()).isEqualTo(1);
        }
    }

    @Test
    void aFailedTestIsToldAsSuch() {
        try (Mesh mesh = Mesh.join("tested", options())) {
            SharedObject ledger = mesh.object("ledger");
            MeshException refused =
                    refusalOf(ledger, Patch.jsonPatch("[{\"op\":\"test\",\"path\":\"\",\"value\":{\"open\":true}}]"));
            assertThat(refused.code()).isEqualTo(MeshCode.TEST_FAILED);
        }
    }

    @Test
    void anotherRevisionThanExpectedIsAConflict() {
        try (Mesh mesh = Mesh.join("conflict", options())) {
            SharedObject ledger = mesh.object("ledger");
            ledger.patch(Patch.set("/a", 1)).join();
            assertThatThrownBy(() -> ledger.patch(Patch.set("/a", 2), PatchOptions.DEFAULT.withIfRevision(7))
                            .join())
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("revision 7 was expected, it is at 1")
                    .hasMessageContaining("[CONFLICT]");
        }
    }

    @Test
    void aPatchBeyondTheSizeLimitIsRefusedBeforeItIsSent() {
        Limits small = Limits.DEFAULT.withPatchBytes(1_000);
        try (Mesh mesh = Mesh.join("small", options().withLimits(small))) {
            SharedObject ledger = mesh.object("ledger");
            MeshException refused = refusal(
                    () -> ledger.patch(Patch.set("/text", "x".repeat(2_000))).join());
            assertThat(refused.code()).isEqualTo(MeshCode.LIMIT_EXCEEDED);
            assertThat(refused).hasMessageContaining("1000");
            assertThat(ledger.patch(Patch.set("/text", "short")).join().number())
                    .isEqualTo(1);
        }
    }

    @Test
    void anObjectIdThatIsEmptyOrTooLongIsRefused() {
        try (Mesh mesh = Mesh.join("ids", options())) {
            assertThat(refusal(() -> mesh.object("")).code()).isEqualTo(MeshCode.BAD_NAME);
            assertThat(refusal(() -> mesh.object("é".repeat(257))).code()).isEqualTo(MeshCode.BAD_NAME);
            assertThat(refusal(() -> mesh.object("half \ud83d")).code()).isEqualTo(MeshCode.BAD_NAME);
            assertThat(mesh.object("é".repeat(256)).revision()).isZero();
        }
    }

    @Test
    void aPathThatIsNoPointerIsRefused() {
        try (Mesh mesh = Mesh.join("paths", options())) {
            assertThat(refusal(() -> mesh.object("o").observe("no/slash", change -> {}))
                            .code())
                    .isEqualTo(MeshCode.INVALID_PATCH);
        }
    }

    @Test
    void afterCloseEverythingSaysClosed() {
        Mesh mesh = Mesh.join("over", options());
        SharedObject object = mesh.object("o");
        object.patch(Patch.set("/a", 1)).join();
        mesh.close();
        mesh.close();
        assertThat(refusal(() -> mesh.object("p")).code()).isEqualTo(MeshCode.CLOSED);
        assertThat(refusalOf(object, Patch.set("/a", 2)).code()).isEqualTo(MeshCode.CLOSED);
        assertThat(object.value().toString()).isEqualTo("{\"a\":1}");
        assertThat(base().resolve("over")).doesNotExist();
    }

    private static MeshException refusalOf(SharedObject object, Patch patch) {
        CompletionException wrapped = catchThrowableOfType(
                CompletionException.class, () -> object.patch(patch).join());
        return Objects.requireNonNull((MeshException) wrapped.getCause());
    }
}
