package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who lives on a store, by its files and processes. */
class StoreMembersTest {
    private static final String BOOT = "11111111-1111-1111-1111-111111111111";
    private static final String ONE = "1".repeat(32);
    private static final String TWO = "2".repeat(32);

    @TempDir
    Path temp;

    /** A table of processes; each is in it until it is taken out. */
    private static final class Processes implements ProcessTable {
        private final Map<Long, Long> started;
        private final ProcessIdentity self;

        Processes(Map<Long, Long> started, long pid, String namespace) {
            this.started = started;
            this.self = new ProcessIdentity(pid, 10 * pid, namespace, BOOT);
            started.put(pid, 10 * pid);
        }

        @Override
        public ProcessIdentity self() {
            return self;
        }

        @Override
        public long ticksAhead() {
            return 0;
        }

        @Override
        public byte[] stat(long pid) throws IOException {
            Long start = started.get(pid);
            if (start == null) {
                throw new NoSuchFileException("/proc/" + pid + "/stat");
            }
            return (pid + " (java) S" + " 0".repeat(18) + " " + start + " 0\n").getBytes(StandardCharsets.US_ASCII);
        }
    }

    private final Map<Long, Long> started = new TreeMap<>();

    private StoreMembers seenBy(long pid, String namespace) {
        Processes processes = new Processes(started, pid, namespace);
        return new StoreMembers(LocalDisk.INSTANCE, () -> processes, temp);
    }

    private StoreMembers seenBy(long pid) {
        return seenBy(pid, "pid:[7]");
    }

    private List<String> files() throws IOException {
        List<String> found = new ArrayList<>(LocalDisk.INSTANCE.list(temp.resolve(".members")));
        found.sort(null);
        return found;
    }

    @Test
    void aMemberIsNamedFromTheTimeItEntersUntilItLeaves() throws IOException {
        assertThat(seenBy(2).anybody()).isEmpty();
        StoreMembers.Place place = seenBy(1).enter(ONE);
        assertThat(seenBy(2).living(null)).extracting(StoreMembers.Member::life).containsExactly(ONE);
        assertThat(seenBy(1).living(place)).isEmpty();
        place.close();
        assertThat(seenBy(2).living(null)).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void ofTwoThatEnterAtTheSameTimeEachSeesTheOther() {
        StoreMembers first = seenBy(1);
        StoreMembers second = seenBy(2);
        StoreMembers.Place one = first.enter(ONE);
        StoreMembers.Place two = second.enter(TWO);
        assertThat(first.living(one)).extracting(StoreMembers.Member::life).containsExactly(TWO);
        assertThat(second.living(two)).extracting(StoreMembers.Member::life).containsExactly(ONE);
        one.close();
        two.close();
    }

    @Test
    void whatAKilledMemberLeftIsNobodyAndGoes() throws IOException {
        seenBy(1).enter(ONE);
        started.remove(1L);
        assertThat(seenBy(2).anybody()).isEmpty();
        assertThat(files()).hasSize(2);
        assertThat(seenBy(2).living(null)).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void aMemberWhoseFileWasTruncatedIsNamedStill() throws IOException {
        seenBy(1).enter(ONE);
        Files.write(temp.resolve(".members").resolve(files().get(0)), new byte[0]);
        assertThat(seenBy(2).living(null)).hasSize(1);
    }

    @Test
    void ofAnotherNamespaceNobodyIsDeadBeforeItsBellRefuses() throws IOException {
        StoreMembers.Place place = seenBy(1, "pid:[8]").enter(ONE);
        StoreMembers here = seenBy(2);
        started.remove(1L);
        for (int asked = 0; asked < 40; asked++) {
            assertThat(here.living(null)).as("asked " + asked + " times").hasSize(1);
        }
        Path bell = temp.resolve(".members").resolve(files().get(1));
        assertThat(bell.getFileName().toString()).startsWith("b");
        Files.delete(bell);
        assertThat(here.living(null)).as("a bell that is missing").hasSize(1);
        Files.createFile(bell);
        assertThat(here.living(null)).as("a file that is no bell").hasSize(1);
        Files.delete(bell);
        Objects.requireNonNull(LocalSocket.listen(bell)).close();
        assertThat(here.living(null)).as("a bell whose process is gone").isEmpty();
        place.close();
    }

    @Test
    void inACopyOfAStoreNobodyLives() throws IOException {
        StoreMembers.Place place = seenBy(1).enter(ONE);
        Path copy = temp.resolve("copy");
        Files.createDirectories(copy.resolve(".members"));
        for (String name : files()) {
            Files.createFile(copy.resolve(".members").resolve(name));
        }
        Processes processes = new Processes(started, 2, "pid:[7]");
        assertThat(new StoreMembers(LocalDisk.INSTANCE, () -> processes, copy).living(null))
                .isEmpty();
        place.close();
    }

    @Test
    void whatWasRemovedIsMadeAgain() throws IOException {
        StoreMembers.Place place = seenBy(1).enter(ONE);
        List<String> made = files();
        assertThat(place.isWhole()).isTrue();
        for (String name : made) {
            Files.delete(temp.resolve(".members").resolve(name));
        }
        Files.delete(temp.resolve(".members"));
        assertThat(place.isWhole()).isFalse();
        place.make();
        assertThat(place.isWhole()).isTrue();
        assertThat(files()).isEqualTo(made);
        place.close();
        assertThat(files()).isEmpty();
    }
}
