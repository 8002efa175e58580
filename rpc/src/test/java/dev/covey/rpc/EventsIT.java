package dev.covey.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is promised of events when processes are killed or stopped, shown with such processes. */
class EventsIT {
    private static final int EVENTS = 20_000;
    /** Of two publishers fewer than are kept, so that who comes later hears all. */
    private static final int ORDERED = 300;

    @TempDir
    Path base;

    private final List<Member> members = new ArrayList<>();

    /** A process with an {@link EventMember}. */
    private static final class Member {
        private final Process process;
        private final BufferedReader out;

        private Member(String name, Path base) {
            try {
                process = new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx128m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                EventMember.class.getName(),
                                name,
                                base.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                out = process.inputReader(StandardCharsets.UTF_8);
                assertThat(out.readLine()).isEqualTo("joined");
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        String ask(String order) {
            try {
                process.outputWriter(StandardCharsets.UTF_8)
                        .append(order)
                        .append('\n')
                        .flush();
                return String.valueOf(out.readLine());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        /** Heard, missed, wrong, published, unfinished, overloaded. */
        long[] figures() {
            return Arrays.stream(ask("figures").split(" ", -1))
                    .mapToLong(Long::parseLong)
                    .toArray();
        }

        /** Heard, missed, wrong, acknowledged, checksum of the order. */
        long[] ordered() {
            return orderedAfter(0);
        }

        long[] orderedAfter(long number) {
            return Arrays.stream(ask("ordered " + number).split(" ", -1))
                    .mapToLong(Long::parseLong)
                    .toArray();
        }

        void kill() {
            process.destroyForcibly();
            await().until(() -> !process.isAlive());
        }

        void signal(String signal) throws IOException, InterruptedException {
            assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        }
    }

    private Member member(String name) {
        Member member = new Member(name, base.resolve("meshes"));
        members.add(member);
        await().until(() ->
                members.stream().allMatch(each -> each.ask("members").equals(Integer.toString(members.size()))));
        return member;
    }

    @AfterEach
    void killAll() {
        members.forEach(Member::kill);
    }

    @Test
    void aKilledHostCostsNoEventAndDoublesNone() {
        Member host = member("host");
        Member publisher = member("publisher");
        Member subscriber = member("subscriber");
        subscriber.ask("subscribe");
        publisher.ask("publish " + EVENTS);
        await().until(() -> subscriber.figures()[0] > EVENTS / 10);
        host.kill();
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(subscriber.figures()).startsWith(EVENTS, 0, 0));
    }

    @Test
    void whatAKilledPublisherHadSentIsHeardInOrderWithoutHoles() {
        member("host");
        Member publisher = member("publisher");
        Member subscriber = member("subscriber");
        subscriber.ask("subscribe");
        publisher.ask("publish " + EVENTS);
        await().until(() -> subscriber.figures()[0] > EVENTS / 10);
        long sent = publisher.figures()[3];
        publisher.kill();
        await().atMost(10, TimeUnit.SECONDS).until(() -> subscriber.figures()[0] >= sent);
        assertThat(subscriber.figures()[1]).isZero();
        assertThat(subscriber.figures()[2]).isZero();
    }

    @Test
    void whatAKilledMemberOfAGroupHadNotFinishedIsDoneByAnother() {
        Member publisher = member("publisher");
        Member one = member("one");
        Member two = member("two");
        one.ask("subscribe workers");
        two.ask("subscribe workers");
        publisher.ask("publish " + EVENTS);
        await().until(() -> one.figures()[0] > EVENTS / 10);
        long doneByOne = one.figures()[0];
        one.kill();
        await().atMost(60, TimeUnit.SECONDS).until(() -> {
            long[] figures = publisher.figures();
            return figures[3] == EVENTS && figures[4] == 0;
        });
        assertThat(two.figures()[0]).isGreaterThanOrEqualTo(EVENTS / 2).isLessThanOrEqualTo(EVENTS - doneByOne / 2);
    }

    @Test
    void aFrozenSubscriberHoldsUpNobodyAndIsToldWhatItMissed() throws Exception {
        member("host");
        Member publisher = member("publisher");
        Member frozen = member("frozen");
        Member other = member("other");
        frozen.ask("subscribe");
        other.ask("subscribe");
        frozen.signal("STOP");
        publisher.ask("publish " + EVENTS);
        await().atMost(30, TimeUnit.SECONDS).until(() -> other.figures()[0] == EVENTS);
        frozen.signal("CONT");
        await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> {
            long[] figures = frozen.figures();
            assertThat(figures[0] + figures[1]).as(Arrays.toString(figures)).isEqualTo(EVENTS);
        });
        assertThat(other.figures()[1]).isZero();
        assertThat(frozen.figures()[1]).isPositive();
        assertThat(publisher.figures()[5])
                .as("how often the publisher was told")
                .isPositive();
    }

    /** What lies unread in the shared memory of a dead host's driver is read before its way is closed. */
    @Test
    void whatAKilledHostHadPublishedIsHeardByThoseWhoWereNotListeningJustThen() throws Exception {
        Member host = member("host");
        Member frozen = member("frozen");
        Member other = member("other");
        frozen.ask("subscribe");
        other.ask("subscribe");
        frozen.signal("STOP");
        host.ask("publish 200");
        await().until(() -> other.figures()[0] == 200);
        host.kill();
        frozen.signal("CONT");
        await().untilAsserted(() -> assertThat(frozen.figures()).startsWith(200, 0, 0));
        assertThat(other.figures()).startsWith(200, 0, 0);
    }

    @Test
    void orderedEventsAreTheSameForAllAlsoWhenAPublisherAndTheHostAreKilled() {
        Member host = member("host");
        Member publisher = member("publisher");
        Member killed = member("killed");
        Member subscriber = member("subscriber");
        List<Member> hearing = List.of(publisher, subscriber);
        hearing.forEach(each -> each.ask("subscribeOrdered 0"));
        host.ask("retain kept");
        publisher.ask("publishOrdered " + ORDERED);
        killed.ask("publishOrdered " + ORDERED);
        await().until(() -> subscriber.ordered()[0] > ORDERED / 2);
        long ofKilled = killed.ordered()[3];
        killed.kill();
        await().until(() -> subscriber.ordered()[0] > ORDERED);
        host.kill();
        await().atMost(20, TimeUnit.SECONDS).until(() -> publisher.ordered()[3] == ORDERED);
        Member late = new Member("late", base.resolve("meshes"));
        members.add(late);
        late.ask("subscribeOrdered 0");
        long middle = Long.parseLong(subscriber.ask("number " + ORDERED / 2));
        Member later = new Member("later", base.resolve("meshes"));
        members.add(later);
        later.ask("subscribeOrdered " + middle);
        await().untilAsserted(() -> {
            assertThat(subscriber.ordered()[0]).isBetween(ORDERED + ofKilled, 2L * ORDERED);
            assertThat(subscriber.ordered()).startsWith(subscriber.ordered()[0], 0, 0);
            assertThat(publisher.ordered()).startsWith(subscriber.ordered()[0], 0, 0, ORDERED);
            assertThat(publisher.ordered()[4]).isEqualTo(subscriber.ordered()[4]);
            assertThat(late.ordered()).isEqualTo(subscriber.ordered());
            assertThat(later.ordered()).isEqualTo(subscriber.orderedAfter(middle));
            assertThat(later.ordered()[0]).isEqualTo(subscriber.ordered()[0] - ORDERED / 2 - 1);
        });
        assertThat(late.ask("retained")).isEqualTo("kept");
    }
}
