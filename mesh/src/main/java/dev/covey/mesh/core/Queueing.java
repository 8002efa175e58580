package dev.covey.mesh.core;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.core.Decider.Decision;
import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Command.Guard;
import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.mesh.protocol.Command.QueueUp;
import dev.covey.mesh.protocol.Command.StepOut;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.LineId;
import dev.covey.mesh.protocol.Refusal;
import dev.covey.mesh.protocol.Wire;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What becomes of commands about lines, and who may write. Pure functions. */
final class Queueing {
    private static final int HOLDERS_NAMED = 8;

    private Queueing() {}

    static Decision guard(State state, Guard command) {
        ObjectState object = state.object(command.object());
        LineId id = LineId.writers(command.object());
        Line there = state.holdings().lines().get(id);
        if (there == null) {
            return state.holdings().lines().size() < Wire.MAX_LINES
                    ? decision(new Fact.Guarded(command.object(), command.writers(), command.expiryMillis()))
                    : refused(
                            object,
                            MeshCode.LIMIT_EXCEEDED,
                            "the mesh has " + Wire.MAX_LINES + " lines, which is the limit");
        }
        boolean same = there.permits() == command.writers() && there.expiryMillis() == command.expiryMillis();
        return same
                ? Decider.unchanged(object)
                : refused(
                        object,
                        MeshCode.OPTIONS_MISMATCH,
                        "it was opened with maxWriters " + said(there.permits(), there.expiryMillis())
                                + ", this member asks for " + said(command.writers(), command.expiryMillis())
                                + "; ask for the same, or leave maxWriters out");
    }

    private static String said(int writers, long expiryMillis) {
        return writers + (expiryMillis == 0 ? "" : " (expiring after " + expiryMillis + " ms)");
    }

    static Decision queueUp(State state, QueueUp command, long member, CoreOptions options) {
        LineId id = command.line();
        ObjectState object = state.object(id.object());
        Line line = state.holdings().line(id);
        Refusal notForWriters = id.writers() ? readOnly(state, object, member, options) : null;
        if (notForWriters != null) {
            return Decider.refused(object, notForWriters);
        }
        if (id.writers() && state.holdings().writers(id.object()) == null) {
            return refused(
                    object,
                    MeshCode.OPTIONS_MISMATCH,
                    "it has no maxWriters, everybody may patch it; open it with ObjectOptions.withMaxWriters(n) first");
        }
        if (line.isFull() && !command.waits()) {
            return refused(
                    object,
                    MeshCode.MAX_WRITERS,
                    (line.permits() == 1 ? "the only permit is held" : "all " + line.permits() + " permits are held")
                            + " by " + holders(state, line) + "; wait for one, or ask again later");
        }
        boolean more = line.size() < Wire.MAX_IN_LINE
                && (state.holdings().lines().containsKey(id)
                        || state.holdings().lines().size() < Wire.MAX_LINES);
        return more
                ? decision(new Fact.QueuedUp(id))
                : refused(
                        object,
                        MeshCode.LIMIT_EXCEEDED,
                        "there are " + Wire.MAX_IN_LINE + " in this line or " + Wire.MAX_LINES
                                + " lines, which are the limits; ask again later");
    }

    private static String holders(State state, Line line) {
        return line.holders().values().stream()
                .limit(HOLDERS_NAMED)
                .map(permit -> {
                    Session session = state.sessions().get(permit.member());
                    return "member " + permit.member()
                            + (session == null ? "" : " (" + session.profile().name() + ")");
                })
                .collect(Collectors.joining(", "));
    }

    static Decision stepOut(State state, StepOut command, long member) {
        boolean there = state.holdings().line(command.line()).has(command.request(), member);
        return there
                ? decision(new Fact.SteppedOut(command.line(), command.request()))
                : Decider.unchanged(state.object(command.line().object()));
    }

    /** Why that member may not change that object with that permit; null if it may. */
    static @Nullable Refusal notAWriter(
            State state, ObjectState object, long member, long permit, CoreOptions options) {
        Line writers = state.holdings().writers(object.id());
        if (writers == null && permit == Command.NO_PERMIT) {
            return readOnly(state, object, member, options);
        }
        if (writers != null && writers.isHeld(permit, member)) {
            return null;
        }
        return Decider.refusal(
                MeshCode.NOT_A_WRITER,
                object.id()
                        + (permit == Command.NO_PERMIT
                                ? ": only holders of a permit may patch it, and through their Writer only"
                                : ": the permit was given back, or lost")
                        + "; get one with writer(Duration)");
    }

    /** In a mesh that limits its writers only members with that role write. */
    static @Nullable Refusal readOnly(State state, ObjectState object, long member, CoreOptions options) {
        Session session = state.sessions().get(member);
        if (options.maxWriters() == 0 || (session != null && isWriter(session.profile()))) {
            return null;
        }
        return Decider.refusal(
                MeshCode.NOT_A_WRITER,
                object.id() + ": this mesh has " + options.maxWriters()
                        + " writers at most, and this member did not join as one; join with the role "
                        + Profile.WRITER);
    }

    static boolean isWriter(Profile profile) {
        return profile.roles().contains(Profile.WRITER);
    }

    /** Why somebody may not join: there are enough writers; null if it may. */
    static @Nullable Refusal tooManyWriters(State state, Profile joiner, CoreOptions options) {
        if (options.maxWriters() == 0 || !isWriter(joiner)) {
            return null;
        }
        long writers = state.sessions().values().stream()
                .filter(session -> isWriter(session.profile()))
                .count();
        return writers < options.maxWriters()
                ? null
                : Decider.refusal(
                        MeshCode.MAX_WRITERS,
                        "the mesh has " + writers + " members with the role " + Profile.WRITER
                                + ", which is its limit; join without it to read, or when one has left");
    }

    private static Decision decision(Fact fact) {
        return new Decision(fact, null);
    }

    private static Decision refused(ObjectState object, MeshCode code, String text) {
        return Decider.refused(object, Decider.refusal(code, object.id() + ": " + text));
    }
}
