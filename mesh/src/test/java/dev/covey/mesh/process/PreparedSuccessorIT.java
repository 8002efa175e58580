package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a host needs is loaded before it is host. Loading a class takes some hundred microseconds, the first use of a
 * lambda as long, and on a busy machine twice that: two dozen of them were half of a fail-over.
 */
class PreparedSuccessorIT {
    private static final long ENOUGH = 200;
    private static final Pattern LOADED = Pattern.compile("\\[(\\d+)ns\\]\\s*(\\S+).*");
    /** What is called back for the application's sake comes after the commit, and is loaded when it is first needed. */
    private static final Pattern NEEDED =
            Pattern.compile("dev\\.covey\\.(patch|store|mesh\\.(agent|aeron|core|local|protocol))\\..*");

    @TempDir
    Path temporary;

    private final List<MemberProcess> started = new ArrayList<>();

    private MemberProcess joined(String name, String... flags) {
        Path store = temporary.resolve("store");
        MemberProcess member = MemberProcess.start(List.of(flags), "people", name, temporary.resolve("meshes"), store);
        started.add(member);
        member.join();
        return member;
    }

    @AfterEach
    void endAll() {
        started.forEach(MemberProcess::close);
    }

    @Test
    void theSuccessorOfAKilledHostLoadsNoClassWhileEverybodyWaits() {
        Path log = temporary.resolve("loaded.log");
        MemberProcess host = joined("host");
        MemberProcess successor = joined("successor", "-Xlog:class+load=info:file=" + log + ":timenanos");
        MemberProcess third = joined("third");
        for (MemberProcess member : started) {
            member.ask("flood things /" + started.indexOf(member));
        }
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> successor.flooded() > ENOUGH && third.flooded() > ENOUGH && hasRehearsed(log));
        host.kill();
        successor.awaitEvent("host 2");
        long then = third.flooded();
        await().atMost(30, TimeUnit.SECONDS).until(() -> third.flooded() > then);
        String[] takeOver = successor.ask("takeOver").split(" ", -1);
        long noticed = Long.parseLong(takeOver[1]);
        long committed = Long.parseLong(takeOver[2]);
        assertThat(noticed).isPositive().isLessThan(committed);
        assertThat(loaded(log, 0, noticed)).contains("dev.covey.mesh.core.Hosting");
        assertThat(loaded(log, noticed, committed)).isEmpty();
    }

    /** It ends with somebody's farewell, and leaves nothing behind. */
    private boolean hasRehearsed(Path log) {
        try (Stream<Path> entries = Files.list(temporary.resolve("meshes/people"))) {
            return loaded(log, 0, Long.MAX_VALUE).contains("dev.covey.mesh.core.Farewell")
                    && entries.noneMatch(
                            entry -> String.valueOf(entry.getFileName()).startsWith("rehearsal"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<String> loaded(Path log, long from, long to) {
        try {
            List<String> found = new ArrayList<>();
            for (String line : Files.readAllLines(log)) {
                Matcher loaded = LOADED.matcher(line);
                boolean wanted =
                        loaded.matches() && NEEDED.matcher(loaded.group(2)).matches();
                if (wanted && Long.parseLong(loaded.group(1)) >= from && Long.parseLong(loaded.group(1)) <= to) {
                    found.add(loaded.group(2));
                }
            }
            return found;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
