package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.store.ProcessIdentity.Fate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Which process is gone, which is not, and of which nobody here can tell. */
class ProcessIdentityTest {
    private static final ProcessIdentity SELF =
            new ProcessIdentity(100, 5, "pid:[7]", "11111111-1111-1111-1111-111111111111");
    private static final ProcessIdentity OTHER = new ProcessIdentity(12, 987654, "pid:[7]", SELF.bootId());

    /** Answers what it was told to, one after the other; the last again and again. */
    private static final class FakeProcesses implements ProcessTable {
        private final Queue<Object> answers;
        private long ticksAhead;

        FakeProcesses(Object... answers) {
            this.answers = new ArrayDeque<>(List.of(answers));
        }

        @Override
        public ProcessIdentity self() {
            return SELF;
        }

        FakeProcesses ahead(long ticks) {
            ticksAhead = ticks;
            return this;
        }

        @Override
        public long ticksAhead() {
            return ticksAhead;
        }

        @Override
        public byte[] stat(long pid) throws IOException {
            assertThat(pid).isEqualTo(OTHER.pid());
            Object answer = answers.size() > 1 ? answers.remove() : answers.element();
            if (answer instanceof IOException failure) {
                throw failure;
            }
            return (byte[]) answer;
        }
    }

    private static byte[] stat(String state, int flags) {
        return ("12 (a) Z (b) " + state + " 1 2 3 4 5 " + flags + " 7 8 9 10 11 12 13 14 15 16 17 18 987654 20\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static Fate fate(Object... answers) {
        return OTHER.fate(new FakeProcesses(answers));
    }

    @Test
    void aProcessWithThatNumberAndStartTimeIsAlive() {
        assertThat(fate(stat("R", 4194304))).isEqualTo(Fate.ALIVE);
        assertThat(fate(stat("D", 4194304))).isEqualTo(Fate.ALIVE);
        assertThat(fate(stat("T", 4194304))).isEqualTo(Fate.ALIVE);
    }

    @Test
    void aZombieAndAProcessOnItsWayOutAreGone() {
        assertThat(fate(stat("Z", 4194304))).isEqualTo(Fate.GONE);
        assertThat(fate(stat("X", 4194304))).isEqualTo(Fate.GONE);
        assertThat(fate(stat("R", 4194304 | 4))).isEqualTo(Fate.GONE);
    }

    @Test
    void aNumberThatNobodyHasOrThatCameBackForAnotherProcessIsGone() {
        assertThat(fate(new NoSuchFileException("/proc/12/stat"))).isEqualTo(Fate.GONE);
        ProcessIdentity before = new ProcessIdentity(OTHER.pid(), 987652, OTHER.pidNamespace(), OTHER.bootId());
        assertThat(before.fate(new FakeProcesses(stat("R", 0)))).isEqualTo(Fate.GONE);
    }

    @Test
    void aProcessOfAnotherBootIsGoneAndOneOfAnotherNamespaceUnknown() {
        FakeProcesses alive = new FakeProcesses(stat("R", 0));
        ProcessIdentity beforeBoot =
                new ProcessIdentity(OTHER.pid(), OTHER.startTicks(), "pid:[8]", "22222222-2222-2222-2222-222222222222");
        ProcessIdentity inAContainer = new ProcessIdentity(OTHER.pid(), OTHER.startTicks(), "pid:[8]", SELF.bootId());
        assertThat(beforeBoot.fate(alive)).isEqualTo(Fate.GONE);
        assertThat(inAContainer.fate(alive)).isEqualTo(Fate.UNKNOWN);
    }

    @Test
    void aProcessIsTheSameForOneWhoseClockSinceBootIsAnHourAhead() {
        long hour = 360_000;
        ProcessIdentity told =
                new ProcessIdentity(OTHER.pid(), OTHER.startTicks() - hour, OTHER.pidNamespace(), OTHER.bootId());
        FakeProcesses inAnotherTimeNamespace = new FakeProcesses(stat("R", 0)).ahead(hour);
        assertThat(told.fate(inAnotherTimeNamespace)).isEqualTo(Fate.ALIVE);
        assertThat(OTHER.fate(inAnotherTimeNamespace)).isEqualTo(Fate.GONE);
        assertThat(told.fate(new FakeProcesses(stat("R", 0)).ahead(hour + 1)))
                .as("parts of a tick")
                .isEqualTo(Fate.ALIVE);
    }

    @Test
    void aReadThatFailsIsNoDeath() {
        IOException noDescriptorLeft = new IOException("Too many open files");
        assertThat(fate(noDescriptorLeft)).isEqualTo(Fate.UNKNOWN);
        assertThat(fate(noDescriptorLeft, stat("R", 0))).isEqualTo(Fate.ALIVE);
    }

    @Test
    void aProcessThatEndsWhileItIsReadIsGone() {
        assertThat(fate(new IOException("No such process"), new NoSuchFileException("/proc/12/stat")))
                .isEqualTo(Fate.GONE);
        assertThat(fate(new byte[0], new NoSuchFileException("/proc/12/stat"))).isEqualTo(Fate.GONE);
    }

    @Test
    void thisProcessIsAliveAndInItsOwnNamespace() {
        assertThat(ProcessIdentity.self().fate()).isEqualTo(Fate.ALIVE);
        assertThat(ProcessIdentity.self().isInOurNamespace()).isTrue();
        assertThat(ProcessIdentity.self().pid())
                .isEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void anIdentityIsReadBackAndPartOfOneIsNone() {
        String text = ProcessIdentity.self().text();
        assertThat(ProcessIdentity.parse(text)).contains(ProcessIdentity.self());
        assertThat(ProcessIdentity.parse(text.substring(0, text.length() - 2))).isEmpty();
        assertThat(ProcessIdentity.parse("")).isEmpty();
    }

    @Test
    void aCommandWithParenthesesAndSpacesInItsNameIsReadRight() {
        byte[] line = stat("R", 4194304);
        assertThat(ProcessStat.isEnding(line, line.length)).isFalse();
        assertThat(ProcessStat.startTicks(line, line.length)).isEqualTo(987654);
        assertThat(ProcessStat.startTicks(line, 20)).isZero();
        assertThat(ProcessStat.isEnding(line, 0)).isFalse();
    }
}
