package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.covey.mesh.local.ChildJvm;
import dev.covey.patch.Patch;
import dev.covey.store.ObjectStore;
import dev.covey.store.StoreCode;
import dev.covey.store.StoreDirectory;
import dev.covey.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store is where its path leads, and a mesh is where its directory is, however either is named. */
class OneStoreByTwoNamesTest {
    @TempDir
    Path temp;

    private MeshOptions options() {
        return MeshOptions.DEFAULT.withDirectory(temp.resolve("meshes"));
    }

    private Path linkTo(String target) throws IOException {
        return Files.createSymbolicLink(temp.resolve("link"), Path.of(target));
    }

    @Test
    void membersThatNameALinkAndWhatItLeadsToHaveOneStore() throws IOException {
        Path link = linkTo("stores/store");
        Path store = temp.resolve("stores").resolve("store");
        try (Mesh first = Mesh.join("linked", options().withStore(link));
                Mesh second = Mesh.join("linked", options().withStore(store));
                Mesh third = Mesh.join("linked", options().withStore(store.resolve("../../link/.")))) {
            first.object("o").patch(Patch.set("/a", 1)).join();
            assertThat(first.object("o").history().at(1)).isPresent();
            assertThat(second.members()).hasSize(3);
            assertThat(third.members()).hasSize(3);
        }
        assertThat(ObjectStore.open(link).get("o")).isPresent();
        assertThat(ObjectStore.open(store).get("o")).isPresent();
    }

    @Test
    void aLoneWriterByTheLinkIsRefusedWhileAMeshHasTheStore() throws IOException {
        Path link = linkTo("store");
        try (Mesh mesh = Mesh.join("owned", options().withStore(temp.resolve("store")))) {
            assertThat(mesh.members()).hasSize(1);
            ObjectStore store = ObjectStore.open(link);
            assertThatThrownBy(() -> store.create("x", JsonNodeFactory.instance.objectNode()))
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            refused -> assertThat(refused.code()).isEqualTo(StoreCode.STORE_IN_USE));
        }
    }

    @Test
    void aLinkOfSomebodyElseIsRefused() throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root can give a link away");
        Path link = linkTo("store");
        Files.setAttribute(link, "unix:uid", 12345, LinkOption.NOFOLLOW_LINKS);
        assertThatThrownBy(() -> Mesh.join("given", options().withStore(link)))
                .isInstanceOfSatisfying(
                        MeshException.class,
                        refused -> assertThat(refused.code()).isEqualTo(MeshCode.INSECURE_DIRECTORY))
                .hasMessageStartingWith(link + " is a symbolic link that belongs to 12345, not to root");
        assertThat(temp.resolve("store")).doesNotExist();
    }

    @Test
    void aLinkOfSomebodyElseBehindOnesOwnIsRefused() throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root can give a link away");
        Path theirs = Files.createSymbolicLink(temp.resolve("theirs"), temp.resolve("store"));
        Files.setAttribute(theirs, "unix:uid", 12345, LinkOption.NOFOLLOW_LINKS);
        Path link = linkTo("theirs");
        assertThatThrownBy(() -> StoreDirectory.real(link))
                .hasMessageStartingWith(theirs + " is a symbolic link that belongs to 12345");
    }

    @Test
    void linksInACircleAreRefused() throws IOException {
        Path link = linkTo("link");
        assertThatThrownBy(() -> StoreDirectory.real(link))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("leads through more than 40 symbolic links");
    }

    @Test
    void aRelativePathIsWhatItWasWhereItWasSaid() {
        Path said = Path.of("somewhere", "store");
        assertThat(options().withStore(said).store()).isEqualTo(said.toAbsolutePath());
        assertThat(options().withDriver(said).driver()).isEqualTo(said.toAbsolutePath());
        assertThat(options().withDirectory(said).directory()).isEqualTo(said.toAbsolutePath());
    }

    @Test
    void aTildeIsTheHomeDirectory() {
        String home = System.getProperty("user.home");
        assertThat(StoreDirectory.of("~")).isEqualTo(Path.of(home));
        assertThat(StoreDirectory.of("~/a")).isEqualTo(Path.of(home, "a"));
        assertThat(StoreDirectory.of("~a")).isEqualTo(Path.of("~a"));
        assertThatThrownBy(() -> StoreDirectory.of("a\0b")).isInstanceOf(StoreException.class);
    }

    /** A member that says nowhere where; it stays until its input ends. */
    static final class Somewhere {
        public static void main(String[] arguments) throws IOException {
            try (Mesh mesh = Mesh.join(arguments[0])) {
                System.out.println(Mesh.running() + " " + mesh.members().size());
                System.in.read();
            }
        }
    }

    @Test
    void theEnvironmentSaysWhereMeshesAreWhenNobodyElseDoes() {
        Path meshes = temp.resolve("meshes");
        try (ChildJvm child =
                ChildJvm.startWith(Map.of("COVEY_DIRECTORY", meshes.toString()), Somewhere.class, "somewhere")) {
            assertThat(child.line()).isEqualTo("[somewhere] 1");
            assertThat(Mesh.running(meshes)).containsExactly("somewhere");
            child.closeInput();
            child.awaitEnd();
        }
        assertThat(meshes).isEmptyDirectory();
    }
}
