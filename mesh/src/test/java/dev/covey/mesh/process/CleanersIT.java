package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.Ephemeral;
import dev.covey.mesh.Member;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshListener;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.MeshStatus;
import dev.covey.mesh.ObjectOptions;
import dev.covey.mesh.Writer;
import dev.covey.patch.Patch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that remove what looks old to them, below a mesh whose members live. Every file but the control file and the
 * journal's segments is removed, one kind after the other and all together: nobody is expelled, nobody takes over, permits
 * and places are kept and patches go on (rule C6).
 */
class CleanersIT {
    private static final int ROUNDS = Integer.getInteger("covey.cleaners.rounds", 1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What a cleaner removes, by the name of the file below the mesh's directory. */
    private static final List<Predicate<String>> KINDS = List.of(
            name -> name.startsWith("members/") || name.startsWith("claims/"),
            name -> name.startsWith("members") || name.startsWith("claims"),
            name -> name.equals("bells/page"),
            name -> name.startsWith("bells/") && !name.endsWith("page"),
            name -> name.startsWith("bells"),
            name -> name.endsWith("/ready") || name.startsWith("journal/.spare"),
            name -> name.startsWith("driver-2-"),
            name -> name.startsWith("driver-1-"),
            name -> !name.startsWith("control") && !name.equals("journal") && !name.startsWith("journal/"));

    @TempDir
    Path temp;

    private final List<MemberProcess> processes = new ArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(MemberProcess::close);
    }

    @Test
    void cleanersBelowALivingMeshWithAStoreExpelNobody() {
        clean(temp.resolve("store"));
    }

    @Test
    void cleanersBelowALivingMeshWithoutAStoreExpelNobody() {
        clean(null);
    }

    /** First the older segment alone, as one goes that is not written to any more; then all, with the directory. */
    @Test
    void aJournalInMemoryThatIsRemovedUnderTheLivingTakesNothingAcknowledgedWithIt() {
        Path base = temp.resolve("meshes");
        Path directory = base.resolve("cleaned");
        MemberProcess host = joined("host", base, null);
        MemberProcess next = joined("next", base, null);
        assertThat(next.ask("inc things /n 2000")).isEqualTo("acknowledged 2000");
        assertThat(next.ask("pour more 5000")).isEqualTo("acknowledged 5000");
        await().atMost(PATIENCE).until(() -> journal(directory, "segment") == 2);
        remove(directory, name -> name.endsWith("-000000.segment"));
        await().atMost(PATIENCE).until(() -> journal(directory, "snapshot") == 1);
        MemberProcess later = joined("later", base, null);
        later.awaitAnswer("value things", "value {\"n\":2000}");
        remove(directory, name -> name.startsWith("journal"));
        await().atMost(PATIENCE).until(() -> journal(directory, "snapshot") == 1 && journal(directory, "segment") == 1);
        assertThat(next.ask("inc things /n 10")).isEqualTo("acknowledged 10");
        host.kill();
        assertThat(next.ask("inc things /n 1")).isEqualTo("acknowledged 1");
        later.awaitAnswer("value things", "value {\"n\":2011}");
        assertThat(later.ask("host")).isEqualTo("host 2 next");
        joined("last", base, null).awaitAnswer("value things", "value {\"n\":2011}");
    }

    private static long journal(Path directory, String kind) {
        return remains(directory)
                .filter(name -> name.startsWith("journal/") && name.endsWith("." + kind))
                .count();
    }

    private void clean(@Nullable Path store) {
        Path base = temp.resolve("meshes");
        MemberProcess host = joined("host", base, store);
        MemberProcess next = joined("next", base, store);
        assertThat(host.ask("place team /host here")).isEqualTo("placed true");
        MeshOptions options = MeshOptions.DEFAULT.withMemberName("own").withDirectory(base);
        try (Mesh mesh = Mesh.join("cleaned", store == null ? options : options.withStore(store));
                Writer writer = mesh.object("ledger", ObjectOptions.DEFAULT.withMaxWriters(1))
                        .writer(Duration.ofSeconds(5))) {
            mesh.listen(new Events());
            Ephemeral place = mesh.object("team").ephemeral("/own", "here").join();
            AtomicLong seen = new AtomicLong();
            mesh.object("things")
                    .observe("/flood", change -> seen.set(change.after().asLong()));
            assertThat(next.ask("flood things /flood")).isEqualTo("flooding");
            Path directory = base.resolve("cleaned");
            await().atMost(PATIENCE).until(() -> remains(directory).anyMatch(name -> name.startsWith("driver-2-")));
            for (int round = 0; round < ROUNDS; round++) {
                for (Predicate<String> kind : KINDS) {
                    remove(directory, kind);
                    assertThat(writer.patch(Patch.inc("/n", 1)).join().number()).isPositive();
                    long before = seen.get();
                    await().atMost(PATIENCE)
                            .pollInterval(Duration.ofMillis(10))
                            .until(() -> seen.get() > before && isWhole(directory, 3));
                }
            }
            assertThat(events).doesNotContain("left");
            assertThat(mesh.epoch()).isEqualTo(1);
            assertThat(mesh.members().stream().map(Member::name)).containsExactly("host", "next", "own");
            await().atMost(PATIENCE).until(() -> mesh.status() == MeshStatus.CONNECTED);
            assertThat(place.isHeld()).isTrue();
            assertThat(mesh.object("team").value().toString()).isEqualTo("{\"host\":\"here\",\"own\":\"here\"}");
            assertThat(writer.patch(Patch.inc("/n", 1)).join().number()).isEqualTo(1 + (long) ROUNDS * KINDS.size());
            assertThat(host.events()).noneMatch(event -> event.startsWith("left"));
        }
    }

    private MemberProcess joined(String name, Path base, @Nullable Path store) {
        MemberProcess member = MemberProcess.start("cleaned", name, base, store);
        processes.add(member);
        member.join();
        return member;
    }

    private final class Events implements MeshListener {
        @Override
        public void left(Member member, boolean died) {
            events.add("left");
        }
    }

    /** Seats, page, sockets and a driver that takes connections: newcomers find their way in again. */
    private static boolean isWhole(Path directory, int members) {
        List<String> there = remains(directory).toList();
        return there.stream()
                                .filter(name -> name.matches("members/[0-9a-f]{32}"))
                                .count()
                        == members
                && there.stream().filter(name -> name.matches("bells/[0-9]+")).count() == members
                && there.contains("bells/page")
                && there.contains("claims")
                && there.stream().anyMatch(name -> name.matches("driver-1-[0-9a-f]{32}/ready"));
    }

    private static Stream<String> remains(Path directory) {
        List<String> names = new ArrayList<>();
        list(directory, directory, names);
        return names.stream();
    }

    /** What vanishes meanwhile is not there. */
    private static void list(Path root, Path directory, List<String> into) {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                into.add(root.relativize(entry).toString());
                if (Files.isDirectory(entry)) {
                    list(root, entry, into);
                }
            }
        } catch (NoSuchFileException vanished) {
            // Then nothing is in it.
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void remove(Path directory, Predicate<String> kind) {
        for (String name : remains(directory)
                .filter(kind)
                .sorted(Comparator.reverseOrder())
                .toList()) {
            try {
                Files.deleteIfExists(directory.resolve(name));
            } catch (IOException madeAgainMeanwhile) {
                // A directory in which its owner has made something again already.
            }
        }
    }
}
