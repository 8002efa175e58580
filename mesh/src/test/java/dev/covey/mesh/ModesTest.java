package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.local.ChildJvm;
import dev.covey.patch.Patch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a member makes is for its user alone, whatever the umask of its process. */
class ModesTest {
    private static final int OTHERS = 077;
    private static final int PERMISSIONS = 07777;

    @TempDir
    Path temp;

    /** A member with a store that does not exist yet; it stays until its input ends, and leaves nothing unwritten. */
    static final class Maker {
        public static void main(String[] arguments) throws IOException {
            MeshOptions options = MeshOptions.DEFAULT
                    .withDirectory(Path.of(arguments[0], "parent", "meshes"))
                    .withStore(Path.of(arguments[0], "stores", "store"));
            Mesh mesh = Mesh.join("modes", options);
            Mesh second = Mesh.join("modes", options);
            second.object("one").patch(Patch.set("/a", 1)).join();
            mesh.flush();
            System.out.println("made");
            System.in.read();
            second.close();
            mesh.close();
            System.out.println("left");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"000", "002", "077"})
    void everyDirectoryAndFileIsForItsUserAlone(String umask) throws IOException {
        try (ChildJvm child = ChildJvm.startWithUmask(umask, Maker.class, temp.toString())) {
            assertThat(child.line()).isEqualTo("made");
            await().ignoreException(UncheckedIOException.class)
                    .ignoreException(NoSuchFileException.class)
                    .untilAsserted(() -> assertThat(openToOthers()).isEmpty());
            child.closeInput();
            assertThat(child.line()).isEqualTo("left");
        }
        assertThat(openToOthers()).isEmpty();
    }

    /** What Aeron makes while it works has the umask's mode, in a directory that is closed; when it has started, the rest has ours. */
    private List<String> openToOthers() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(temp)) {
            for (Path path : all.filter(path -> !path.equals(temp)).toList()) {
                boolean aerons = path.toString().endsWith(".logbuffer");
                int mode = mode(path);
                boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
                if (((mode & OTHERS) != 0 && !aerons) || (directory && mode != 0700)) {
                    found.add(Integer.toOctalString(mode) + " " + path);
                }
            }
        }
        return found;
    }

    private static int mode(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & PERMISSIONS;
    }
}
