package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.History.Entry;
import dev.covey.patch.Patch;
import dev.covey.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rule F4 under living members: one thing in a store of twenty objects is damaged while all are patched. More rounds by
 * command: {@code mvn -pl mesh -am test -Dtest=DamagedStoreTest -Dcovey.damage.rounds=200}.
 */
class DamagedStoreTest {
    private static final int ROUNDS = Integer.getInteger("covey.damage.rounds", 4);
    private static final long SEED = Long.getLong("covey.damage.seed", System.nanoTime());
    private static final int OBJECTS = 20;
    private static final String LONG_TEXT = "x".repeat(8_000);
    private static final String DIGITS = "-0123456789abcdef0123456789abcdef";

    @TempDir
    Path base;

    private Path store() {
        return base.resolve("store");
    }

    private Mesh join() {
        return Mesh.join(
                "damaged",
                MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")).withStore(store()));
    }

    /** What happens to a file of an object, to its folder, or to the mark. */
    private enum Damage {
        FLIPPED {
            @Override
            void happen(Path store, Path folder, Path file, SplittableRandom random) throws IOException {
                byte[] bytes = Files.readAllBytes(file);
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
            }
        },
        CUT {
            @Override
            void happen(Path store, Path folder, Path file, SplittableRandom random) throws IOException {
                Files.write(file, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
            }
        },
        REMOVED {
            @Override
            void happen(Path store, Path folder, Path file, SplittableRandom random) throws IOException {
                Files.delete(file);
            }
        },
        A_DIRECTORY {
            @Override
            void happen(Path store, Path folder, Path file, SplittableRandom random) throws IOException {
                Files.delete(file);
                Files.createDirectories(file.resolve("below"));
            }
        },
        A_PIPE {
            @Override
            void happen(Path store, Path folder, Path file, SplittableRandom random) throws IOException {
                Files.delete(file);
                await().until(() ->
                        new ProcessBuilder("mkfifo", file.toString()).start().waitFor() == 0);
            }
        },
        FOLDER_REMOVED {
            @Override
            void happen(Path store, Path folder, Path file, SplittableRandom random) throws IOException {
                remove(folder);
            }
        },
        FOLDER_A_FILE {
            @Override
            void happen(Path store, Path folder, Path file, SplittableRandom random) throws IOException {
                Files.move(folder, store.resolve("moved-" + random.nextInt(Integer.MAX_VALUE)));
                Files.writeString(folder, "not a directory");
            }
        },
        FOLDER_A_LINK {
            @Override
            void happen(Path store, Path folder, Path file, SplittableRandom random) throws IOException {
                Path moved = store.resolve("moved-" + random.nextInt(Integer.MAX_VALUE));
                Files.move(folder, moved);
                Files.createSymbolicLink(folder, moved);
            }
        },
        STRAY {
            @Override
            void happen(Path store, Path folder, Path file, SplittableRandom random) throws IOException {
                Files.copy(file, folder.resolve("77777" + DIGITS));
            }
        },
        MARK_FLIPPED {
            @Override
            void happen(Path store, Path folder, Path file, SplittableRandom random) throws IOException {
                Path mark = store.resolve("checkpoint.json");
                if (Files.exists(mark)) {
                    FLIPPED.happen(store, folder, mark, random);
                }
            }
        },
        MARK_A_DIRECTORY {
            @Override
            void happen(Path store, Path folder, Path file, SplittableRandom random) throws IOException {
                Path mark = store.resolve("checkpoint.json");
                Files.deleteIfExists(mark);
                Files.createDirectories(mark.resolve("below"));
            }
        };

        abstract void happen(Path store, Path folder, Path file, SplittableRandom random) throws IOException;
    }

    @Test
    void whateverHappensToOneObjectsFilesTheOthersHaveAllTheirHistoryAndEverybodyGoesOn() throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            Damage damage = Damage.values()[(int) Math.floorMod(SEED + round, (long) Damage.values().length)];
            String what = "seed " + SEED + " round " + round + ": " + damage;
            try {
                round(damage, random.split(), what);
            } catch (IOException | RuntimeException | AssertionError failed) {
                throw new AssertionError(what, failed);
            } finally {
                remove(store());
            }
        }
    }

    private void round(Damage damage, SplittableRandom random, String what) throws IOException {
        int damaged = random.nextInt(OBJECTS);
        try (Mesh second = damagedWhilePatched(damage, damaged, random)) {
            patchAll(second, 5);
            second.flush(Duration.ofSeconds(30));
            awaitMark(second);
            check(second, damaged, what);
        }
        try (Mesh later = join()) {
            patchAll(later, 2);
            later.flush(Duration.ofSeconds(30));
            check(later, damaged, what + ", started again");
        }
        try (ObjectStore read = ObjectStore.open(store())) {
            assertThat(read.all()).as(what).hasSize(OBJECTS);
        }
    }

    /** The first host goes after the damage, now and then so soon that it has not seen it. */
    private Mesh damagedWhilePatched(Damage damage, int damaged, SplittableRandom random) throws IOException {
        Mesh first = join();
        Mesh second = join();
        try (first) {
            patchAll(first, 5 + random.nextInt(20));
            first.flush();
            CompletableFuture<?> traffic = patchedAll(second, random.nextInt(10));
            damage(damage, damaged, random);
            if (random.nextBoolean()) {
                patchAll(first, random.nextInt(10));
                patchAll(second, 2);
                second.flush(Duration.ofSeconds(30));
            }
            traffic.join();
        }
        return second;
    }

    /** Again where the host wrote something just there in between. */
    private void damage(Damage damage, int damaged, SplittableRandom random) {
        Path folder = store().resolve("objects").resolve("object-" + damaged);
        await().ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            List<Path> files = revisions(folder);
            if (files.isEmpty()) {
                return false;
            }
            Path file = files.get(random.nextBoolean() ? files.size() - 1 : random.nextInt(files.size()));
            damage.happen(store(), folder, file, random);
            return true;
        });
    }

    private static List<Path> revisions(Path folder) throws IOException {
        return files(folder)
                .filter(file -> !file.getFileName().toString().startsWith("."))
                .sorted(Comparator.comparingInt(
                        file -> Integer.parseInt(file.getFileName().toString().split("-", 2)[0])))
                .toList();
    }

    private static Stream<Path> files(Path folder) throws IOException {
        try (Stream<Path> walked = Files.walk(folder)) {
            return walked.filter(Files::isRegularFile).toList().stream();
        }
    }

    private static void patchAll(Mesh mesh, int times) {
        patchedAll(mesh, times).join();
    }

    private static CompletableFuture<?> patchedAll(Mesh mesh, int times) {
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            for (int object = 0; object < OBJECTS; object++) {
                asked.add(mesh.object("object-" + object).patch(Patch.inc("/n", 1)));
            }
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
    }

    private void awaitMark(Mesh mesh) {
        long position = mesh.object("object-0").patch(Patch.inc("/n", 1)).join().position();
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(mark()).isGreaterThanOrEqualTo(position));
    }

    private long mark() throws IOException {
        Path mark = store().resolve("checkpoint.json");
        String digits =
                Files.isRegularFile(mark) ? Files.readString(mark).replaceAll("^\\{\"position\":|,.*\n", "") : "0";
        return Long.parseLong(digits);
    }

    private void check(Mesh mesh, int damaged, String what) {
        for (int i = 0; i < OBJECTS; i++) {
            SharedObject object = mesh.object("object-" + i);
            String id = what + " " + object.id();
            if (i != damaged) {
                assertThat(object.history().list().map(Entry::number))
                        .as(id)
                        .containsExactlyElementsOf(LongStream.rangeClosed(1, object.revision())
                                .boxed()
                                .collect(Collectors.toList()));
                assertThat(object.history().quarantined()).as(id).isEmpty();
            }
            assertThat(object.history().at(object.revision()).orElseThrow().value())
                    .as(id)
                    .isEqualTo(object.value());
            assertThat(object.value().get("n").asLong()).as(id).isEqualTo(object.revision());
        }
    }

    @Test
    void theNextHostCutsTheJournalAlthoughAllRevisionFilesWereRemovedUnderTheMesh() throws IOException {
        Mesh first = join();
        try (Mesh second = join()) {
            try (first) {
                first.object("object-1").patch(Patch.set("/n", 1)).join();
                first.flush();
                remove(store().resolve("objects"));
            }
            SharedObject object = second.object("object-1");
            Path segment = firstSegment();
            await().atMost(30, TimeUnit.SECONDS).until(() -> {
                patchedWith(object, LONG_TEXT).join();
                return !Files.exists(segment);
            });
            second.flush();
            assertThat(object.history().at(object.revision()).orElseThrow().value())
                    .isEqualTo(object.value());
        }
    }

    private static CompletableFuture<?> patchedWith(SharedObject object, String text) {
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            asked.add(object.patch(Patch.set("/text", text + i)));
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
    }

    private Path firstSegment() throws IOException {
        return files(store().resolve("journal"))
                .filter(file -> file.toString().endsWith("-000000.segment"))
                .findFirst()
                .orElseThrow();
    }

    private static void remove(Path directory) throws IOException {
        for (int attempt = 0; Files.exists(directory); attempt++) {
            try (Stream<Path> walked = Files.walk(directory)) {
                for (Path file : walked.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException | java.io.UncheckedIOException filledAgain) {
                assertThat(attempt).isLessThan(1_000);
            }
        }
    }
}
