package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.covey.mesh.agent.Failures;
import dev.covey.patch.Patch;
import dev.covey.store.StoreCode;
import dev.covey.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever fails below, who uses the face catches one exception, with the other as its cause. */
class OnlyMeshExceptionTest {
    @TempDir
    Path temp;

    private Path store() {
        return temp.resolve("store");
    }

    private MeshOptions options() {
        return MeshOptions.DEFAULT.withDirectory(temp.resolve("meshes")).withStore(store());
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(ThrowingCallable call, MeshCode code) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MeshException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }

    @Test
    void joiningWithAStoreThatIsAFileSaysSo() throws IOException {
        Files.createFile(store());
        assertRefused(() -> Mesh.join("file", options()), MeshCode.INSECURE_DIRECTORY)
                .hasMessageStartingWith(store() + " is a file")
                .hasCauseInstanceOf(StoreException.class);
        assertThat(temp.resolve("meshes")).isEmptyDirectory();
    }

    @Test
    void joiningWithAStoreBelowAFileSaysSo() throws IOException {
        Files.createFile(store());
        assertRefused(
                        () -> Mesh.join("file", options().withStore(store().resolve("below"))),
                        MeshCode.INSECURE_DIRECTORY)
                .hasMessageStartingWith(store() + " is a file")
                .hasCauseInstanceOf(StoreException.class);
    }

    @Test
    void joiningWithAStoreThatOthersMayWriteToSaysSo() throws IOException {
        Files.createDirectory(store());
        Files.setPosixFilePermissions(store(), PosixFilePermissions.fromString("rwxrwxr-x"));
        assertRefused(() -> Mesh.join("open", options()), MeshCode.INSECURE_DIRECTORY)
                .hasMessageContaining("may be written by others (rwxrwxr-x)")
                .hasCauseInstanceOf(StoreException.class);
    }

    @Test
    void aStoreThatOthersMayReadIsItsOwnersChoice() throws IOException {
        Files.createDirectory(store());
        Files.setPosixFilePermissions(store(), PosixFilePermissions.fromString("rwxr-x---"));
        Mesh.join("read", options()).close();
    }

    @Test
    void joiningWithAJournalThatIsAFileSaysSo() throws IOException {
        Files.createDirectory(store());
        Files.createFile(store().resolve("journal"));
        assertRefused(() -> Mesh.join("journal", options()), MeshCode.INSECURE_DIRECTORY)
                .hasMessageContaining("journal is a file")
                .hasCauseInstanceOf(StoreException.class);
        assertThat(temp.resolve("meshes")).isEmptyDirectory();
    }

    @Test
    void historyAndFlushOfAStoreThatIsUnfitNowSaySo() throws IOException {
        try (Mesh mesh = Mesh.join("unfit", options())) {
            SharedObject object = mesh.object("o");
            object.patch(Patch.set("/a", 1)).join();
            Files.setPosixFilePermissions(store(), PosixFilePermissions.fromString("rwxrwxrwx"));
            assertRefused(object::history, MeshCode.INSECURE_DIRECTORY).hasCauseInstanceOf(StoreException.class);
            assertRefused(mesh::flush, MeshCode.INSECURE_DIRECTORY).hasCauseInstanceOf(StoreException.class);
            Files.setPosixFilePermissions(store(), PosixFilePermissions.fromString("rwx------"));
            mesh.flush();
            History history = object.history();
            assertThat(history.at(Instant.now())).isPresent();
            assertThat(history.list()).hasSize(1);
        }
    }

    @Test
    void flushAndCloseOfAMeshWhoseStoreIsGoneThrowNothingElse() throws IOException {
        Mesh mesh = Mesh.join("gone", options());
        mesh.object("o").patch(Patch.set("/a", 1)).join();
        mesh.flush();
        try (Stream<Path> all = Files.walk(store().resolve("objects"))) {
            all.sorted(Comparator.reverseOrder()).forEach(OnlyMeshExceptionTest::delete);
        }
        Files.createFile(store().resolve("objects"));
        mesh.object("o").patch(Patch.set("/a", 2)).join();
        assertThatThrownBy(() -> mesh.flush(Duration.ofMillis(50))).isInstanceOf(MeshException.class);
        mesh.close();
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @ParameterizedTest
    @EnumSource(StoreCode.class)
    void everyCodeOfAStoreHasOneOfTheMesh(StoreCode code) {
        assertThat(Failures.codeOf(code)).isNotNull();
    }

    @Test
    void whatNobodyExpectedIsAMeshExceptionToo() {
        IllegalStateException bug = new IllegalStateException("a bug");
        assertThat(Failures.told(bug)).hasCause(bug).hasMessageContaining("a bug");
        assertThat(Failures.told(new UncheckedIOException(new IOException("io")))
                        .code())
                .isEqualTo(MeshCode.STORE_FAILED);
    }
}
