package dev.covey.mesh.core;

import dev.covey.mesh.protocol.LineId;
import dev.covey.patch.FrozenTree;

/** A number that is equal where states are, and hardly anywhere else. */
final class StateHash {
    private long hash = 17;

    private StateHash() {}

    static long of(State state) {
        StateHash all = new StateHash();
        all.mix(state.position()).mix(state.epoch()).mix(state.timeMicros()).mix(state.nextNumber());
        all.mix(state.revisions());
        all.mix(state.host().high()).mix(state.host().low());
        state.sessions().values().forEach(all::session);
        state.departed().values().forEach(all::session);
        state.objects().values().forEach(all::object);
        state.holdings().places().forEach(all::place);
        state.holdings().lines().forEach(all::line);
        return all.hash;
    }

    private void session(Session session) {
        mix(session.number()).mix(session.token().low()).mix(session.joinedMicros());
        mix(session.lastSequence()).mix(session.rejoined());
        Outcome last = session.results().of(session.lastSequence());
        mix(last == null ? 0 : last.position());
    }

    private void object(ObjectState object) {
        mix(object.id().hashCode()).mix(object.revision()).mix(FrozenTree.hash(object.value()));
        mix(object.author()).mix(object.position()).mix(object.deleted() ? 1 : 0);
    }

    private void place(PlaceId place, Hold hold) {
        mix(place.object().hashCode()).mix(place.path().hashCode());
        mix(hold.member()).mix(hold.position());
    }

    private void line(LineId id, Line line) {
        mix(id.object().hashCode()).mix(id.scope().hashCode()).mix(id.writers() ? 1 : 0);
        mix(line.permits()).mix(line.expiryMillis());
        line.holders().values().forEach(this::permit);
        line.waiting().values().forEach(this::permit);
    }

    private void permit(Permit permit) {
        mix(permit.request()).mix(permit.member()).mix(permit.token());
    }

    /** One round of the finaliser of SplittableRandom's mix64 (Steele, Lea, Flood 2014) over a running hash. */
    private StateHash mix(long value) {
        long z = hash * 31 + value;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        hash = z ^ (z >>> 31);
        return this;
    }
}
