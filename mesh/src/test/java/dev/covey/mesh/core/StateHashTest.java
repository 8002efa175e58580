package dev.covey.mesh.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.LineId;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.Token;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import dev.covey.patch.Path;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The hash by which members find out that they differ sees everything that the state consists of. */
class StateHashTest {
    private static final LineId WRITERS = LineId.writers("o");
    private static final LineId SCOPE = LineId.scope("o", Path.parse("/a"));

    private State state = State.EMPTY;

    private State after(long member, long sequence, Fact fact) {
        return state.apply(new LogRecord(1, state.position() + 1, state.timeMicros() + 1, member, sequence, fact));
    }

    private void happens(long member, long sequence, Fact fact) {
        state = after(member, sequence, fact);
    }

    private static Fact.Patched patched(String path, boolean deletes, boolean holds) {
        return new Fact.Patched(
                "o",
                1,
                "somebody",
                1,
                Patch.set(path, 1)
                        .resolve(FrozenTree.EMPTY_OBJECT, 0, Limits.DEFAULT)
                        .operations(),
                deletes,
                holds ? Path.parse(path) : null);
    }

    private void twoMembersOfWhomOneHasAPermit() {
        happens(0, 0, new Fact.Joined(1, new Token(0, 1), new Profile("a", "", "", List.of())));
        happens(0, 0, new Fact.Joined(2, new Token(0, 2), new Profile("b", "", "", List.of())));
        happens(1, 1, new Fact.Guarded("o", 1, 0));
        happens(1, 2, new Fact.QueuedUp(WRITERS));
        happens(2, 1, new Fact.QueuedUp(WRITERS));
    }

    @Test
    void factsThatLeaveOtherStatesLeaveOtherHashes() {
        twoMembersOfWhomOneHasAPermit();
        List<State> others = List.of(
                after(1, 3, new Fact.Unchanged("o", 0)),
                after(2, 2, new Fact.Unchanged("o", 0)),
                after(1, 3, patched("/x", false, false)),
                after(1, 3, patched("/x", false, true)),
                after(2, 2, patched("/x", false, true)),
                after(1, 3, patched("/x", true, false)),
                after(1, 3, patched("/y", false, true)),
                after(1, 3, new Fact.Guarded("p", 1, 0)),
                after(1, 3, new Fact.Guarded("p", 2, 0)),
                after(1, 3, new Fact.Guarded("p", 1, 500)),
                after(1, 3, new Fact.QueuedUp(WRITERS)),
                after(1, 3, new Fact.QueuedUp(SCOPE)),
                after(2, 2, new Fact.QueuedUp(SCOPE)),
                after(1, 3, new Fact.SteppedOut(WRITERS, 4)),
                after(1, 3, new Fact.SteppedOut(WRITERS, 5)),
                after(0, 0, new Fact.Left(1, Fact.Departure.CLOSED)),
                after(0, 0, new Fact.Left(1, Fact.Departure.DIED)),
                after(0, 0, new Fact.Left(2, Fact.Departure.DIED)));
        Set<Long> hashes = new HashSet<>();
        others.forEach(other -> hashes.add(other.hash()));
        assertThat(hashes).hasSize(others.size());
    }

    @Test
    void aStateThatWasWrittenAndReadHasTheSameHash() {
        twoMembersOfWhomOneHasAPermit();
        happens(1, 3, patched("/x", false, true));
        happens(2, 2, new Fact.QueuedUp(SCOPE));
        happens(0, 0, new Fact.Left(1, Fact.Departure.DIED));
        byte[] written = StateEncoder.encode(state);
        State read = StateDecoder.decode(ByteBuffer.wrap(written), Limits.DEFAULT);
        assertThat(read.hash()).isEqualTo(state.hash());
        assertThat(StateEncoder.encode(read)).isEqualTo(written);
        assertThat(read.holdings()).isEqualTo(state.holdings());
    }

    @Test
    void whoComesBackFromItsSeatIsKnownToBeTheOneThatWasDeclaredDead() {
        happens(0, 0, new Fact.Joined(1, new Token(0, 1), new Profile("a", "", "seat-a", List.of())));
        happens(0, 0, new Fact.Joined(2, new Token(0, 2), new Profile("b", "", "seat-b", List.of())));
        happens(0, 0, new Fact.Left(1, Fact.Departure.DIED));
        happens(0, 0, new Fact.Left(2, Fact.Departure.DIED));
        long before = state.hash();
        happens(0, 0, new Fact.Joined(3, new Token(0, 3), new Profile("a", "", "seat-a", List.of())));
        assertThat(state.departed().values()).extracting(Session::rejoined).containsExactly(3L, 0L);
        State read = StateDecoder.decode(ByteBuffer.wrap(StateEncoder.encode(state)), Limits.DEFAULT);
        assertThat(read.departed().values()).extracting(Session::rejoined).containsExactly(3L, 0L);
        assertThat(read.hash()).isEqualTo(state.hash()).isNotEqualTo(before);
    }

    @Test
    void revisionsAreCountedOverAllObjectsAndNothingElseIs() {
        twoMembersOfWhomOneHasAPermit();
        assertThat(state.revisions()).isZero();
        happens(1, 3, patched("/x", false, false));
        happens(1, 4, new Fact.Unchanged("o", 1));
        happens(2, 2, patched("/y", true, false));
        assertThat(state.revisions()).isEqualTo(2);
        State read = StateDecoder.decode(ByteBuffer.wrap(StateEncoder.encode(state)), Limits.DEFAULT);
        assertThat(read.revisions()).isEqualTo(2);
    }

    @Test
    void whoIsNextHasThePermitByTheRecordThatFreesIt() {
        twoMembersOfWhomOneHasAPermit();
        happens(0, 0, new Fact.Left(1, Fact.Departure.DIED));
        assertThat(state.holdings().line(WRITERS).holders().values())
                .containsExactly(new Permit(5, 2, state.position()));
    }
}
