package dev.covey.mesh.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.covey.mesh.MeshCode;
import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Command.Change;
import dev.covey.mesh.protocol.Command.Delete;
import dev.covey.mesh.protocol.Command.Guard;
import dev.covey.mesh.protocol.Command.Initialize;
import dev.covey.mesh.protocol.Command.Place;
import dev.covey.mesh.protocol.Command.QueueUp;
import dev.covey.mesh.protocol.Command.StepOut;
import dev.covey.mesh.protocol.Command.Withdraw;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.Refusal;
import dev.covey.mesh.protocol.Refusal.PatchProblem;
import dev.covey.mesh.protocol.Wire;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.Operations;
import dev.covey.patch.Overwrite;
import dev.covey.patch.Patch;
import dev.covey.patch.PatchException;
import dev.covey.patch.Path;
import dev.covey.patch.Resolution;
import dev.covey.patch.Stamp;
import dev.covey.patch.Touch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command does to a state: its effect in concrete operations, or its refusal. A pure function. */
final class Decider {
    /** Texts in refusals are cut here, so that every refusal fits its record. */
    private static final int LONGEST_TEXT = 1000;

    private static final int LONGEST_LABEL = 60;
    private static final int MICROS_PER_MILLI = 1000;

    private static final List<Touch> EVERYTHING = List.of(new Touch(Path.ROOT, true));

    /** Whatever was there, {@code {}} is afterwards; resolved against something else, so that it overwrites that too. */
    private static final Operations DELETION = Patch.set("", FrozenTree.EMPTY_OBJECT)
            .resolve(FrozenTree.freeze(NullNode.getInstance()), 0, Limits.DEFAULT)
            .operations();

    /** A fact, and the object's new value where there is one, so that the host need not work it out twice. */
    record Decision(Fact fact, @Nullable JsonNode after) {}

    private Decider() {}

    static Decision decide(State state, Command command, long member, long recordMicros, CoreOptions options) {
        Limits limits = options.limits();
        if (command instanceof Change change) {
            ObjectState object = state.object(change.object());
            Refusal unfit = unfit(state, object, member, change.permit(), change.ifRevision(), options);
            Stamp stamp = stamp(change.createdMicros(), recordMicros, member);
            return unfit != null ? refused(object, unfit) : patch(state, object, change.patch(), stamp, limits);
        }
        if (command instanceof Delete delete) {
            ObjectState object = state.object(delete.object());
            Refusal unfit = unfit(state, object, member, delete.permit(), delete.ifRevision(), options);
            Stamp stamp = stamp(delete.createdMicros(), recordMicros, member);
            return unfit != null ? refused(object, unfit) : delete(state, object, stamp);
        }
        if (command instanceof Initialize initialize) {
            ObjectState object = state.object(initialize.object());
            Refusal readOnly = Queueing.readOnly(state, object, member, options);
            Stamp stamp = stamp(initialize.createdMicros(), recordMicros, member);
            return object.exists()
                    ? unchanged(object)
                    : readOnly != null
                            ? refused(object, readOnly)
                            : patch(state, object, initialize.value(), stamp, limits);
        }
        return decideOther(state, command, member, recordMicros, options);
    }

    private static Decision decideOther(
            State state, Command command, long member, long recordMicros, CoreOptions options) {
        if (command instanceof Place place) {
            return Placing.place(state, place, new Stamp(recordMicros, member), options.limits());
        }
        if (command instanceof Withdraw withdraw) {
            return Placing.withdraw(state, withdraw, new Stamp(recordMicros, member), options.limits());
        }
        if (command instanceof QueueUp queueUp) {
            return Queueing.queueUp(state, queueUp, member, options);
        }
        if (command instanceof StepOut stepOut) {
            return Queueing.stepOut(state, stepOut, member);
        }
        if (command instanceof Guard guard) {
            return Queueing.guard(state, guard);
        }
        throw new IllegalArgumentException("no decision for " + command);
    }

    private static @Nullable Refusal unfit(
            State state, ObjectState object, long member, long permit, long ifRevision, CoreOptions options) {
        Refusal notAWriter = Queueing.notAWriter(state, object, member, permit, options);
        return notAWriter != null ? notAWriter : unmet(object, ifRevision);
    }

    private static @Nullable Refusal unmet(ObjectState object, long ifRevision) {
        if (ifRevision == Command.ABSENT && object.exists()) {
            return refusal(
                    MeshCode.CONFLICT,
                    object.id() + ": it was expected to be absent, it is at revision " + object.revision()
                            + "; read it and decide again");
        }
        boolean met = ifRevision < 0 || ifRevision == object.revision();
        return met
                ? null
                : refusal(
                        MeshCode.CONFLICT,
                        object.id() + ": revision " + ifRevision + " was expected, it is at " + object.revision()
                                + "; read it and decide again");
    }

    private static Decision delete(State state, ObjectState object, Stamp stamp) {
        if (!object.exists()) {
            return unchanged(object);
        }
        Overwrite winner = object.overwrites().newerThan(stamp, EVERYTHING);
        if (winner != null) {
            return refused(object, stale(object, stamp, winner));
        }
        Fact.Patched deleted = new Fact.Patched(
                object.id(),
                object.revision() + 1,
                author(state, stamp.member()),
                stamp.timeMicros(),
                DELETION,
                true,
                null);
        return new Decision(deleted, FrozenTree.EMPTY_OBJECT);
    }

    static Decision unchanged(ObjectState object) {
        return new Decision(new Fact.Unchanged(object.id(), object.revision()), null);
    }

    /** A creation time ahead of the host's clock counts as the host's. */
    private static Stamp stamp(long createdMicros, long recordMicros, long member) {
        return new Stamp(Math.min(createdMicros, recordMicros), member);
    }

    static Decision patch(State state, ObjectState object, Patch patch, Stamp stamp, Limits limits) {
        if (object.revision() == 0 && state.objects().size() >= Wire.MAX_OBJECTS) {
            return refused(
                    object,
                    refusal(
                            MeshCode.LIMIT_EXCEEDED,
                            object.id() + ": the mesh has " + Wire.MAX_OBJECTS
                                    + " objects, which is the limit; deleted ones count, so that no late patch brings"
                                    + " one back: use an object again, or members of one object"));
        }
        Resolution resolution;
        try {
            resolution = patch.resolve(object.value(), stamp.timeMicros() / MICROS_PER_MILLI, limits);
        } catch (PatchException problem) {
            return refused(object, refusal(object, problem));
        }
        Overwrite winner = object.overwrites().newerThan(stamp, resolution.touches());
        if (winner != null) {
            return refused(object, stale(object, stamp, winner));
        }
        if (!resolution.changed()) {
            return unchanged(object);
        }
        int bytes = resolution.operations().toBytes().length;
        if (bytes > Wire.MAX_OPERATIONS_BYTES) {
            return refused(
                    object,
                    refusal(
                            MeshCode.LIMIT_EXCEEDED,
                            object.id() + ": the patch changes " + bytes + " bytes, the limit is "
                                    + Wire.MAX_OPERATIONS_BYTES + "; send it in parts"));
        }
        return new Decision(
                new Fact.Patched(
                        object.id(),
                        object.revision() + 1,
                        author(state, stamp.member()),
                        stamp.timeMicros(),
                        resolution.operations()),
                resolution.after());
    }

    private static String author(State state, long member) {
        Session session = state.sessions().get(member);
        return session == null ? "" : session.profile().name();
    }

    static Decision refused(ObjectState object, Refusal refusal) {
        return new Decision(new Fact.Refused(object.id(), refusal), null);
    }

    static Refusal refusal(MeshCode code, String text) {
        return new Refusal(code, cut(text, LONGEST_TEXT), null, null);
    }

    private static Refusal refusal(ObjectState object, PatchException problem) {
        MeshCode code = switch (problem.code()) {
            case TEST_FAILED -> MeshCode.TEST_FAILED;
            case LIMIT_EXCEEDED -> MeshCode.LIMIT_EXCEEDED;
            default -> MeshCode.INVALID_PATCH;
        };
        PatchProblem detail = new PatchProblem(
                problem.code().name(),
                cut(problem.operator(), LONGEST_LABEL),
                cut(problem.pointer(), LONGEST_TEXT),
                cut(problem.expected(), LONGEST_TEXT),
                cut(problem.found(), LONGEST_TEXT),
                problem.index());
        return new Refusal(code, cut(object.id() + ": " + problem.getMessage(), LONGEST_TEXT), detail, null);
    }

    private static Refusal stale(ObjectState object, Stamp stamp, Overwrite winner) {
        String text = object.id() + ": " + winner.path() + " was overwritten by member "
                + winner.stamp().member() + " with a patch created "
                + (winner.stamp().timeMicros() - stamp.timeMicros())
                + " µs after this one; look at the current value and decide again, or send it restamped";
        return new Refusal(MeshCode.STALE, cut(text, LONGEST_TEXT), null, winner.stamp());
    }

    private static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, end) + "…";
    }
}
