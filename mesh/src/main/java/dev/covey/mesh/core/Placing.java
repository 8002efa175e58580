package dev.covey.mesh.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.MeshCode;
import dev.covey.mesh.core.Decider.Decision;
import dev.covey.mesh.protocol.Command.Place;
import dev.covey.mesh.protocol.Command.Withdraw;
import dev.covey.mesh.protocol.Fact.Patched;
import dev.covey.mesh.protocol.Refusal;
import dev.covey.mesh.protocol.Wire;
import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import dev.covey.patch.Path;
import dev.covey.patch.Stamp;
import org.jspecify.annotations.Nullable;

/** What becomes of commands about places that go with their member. Pure functions. */
final class Placing {
    private Placing() {}

    static Decision place(State state, Place command, Stamp stamp, Limits limits) {
        ObjectState object = state.object(command.object());
        Refusal unfit = unfit(state, object, command.path());
        if (unfit != null) {
            return Decider.refused(object, unfit);
        }
        Decision decision = Decider.patch(state, object, command.value(), stamp, limits);
        if (decision.fact() instanceof Patched patched) {
            return new Decision(
                    new Patched(
                            patched.object(),
                            patched.revision(),
                            patched.author(),
                            patched.stampMicros(),
                            patched.operations(),
                            false,
                            command.path()),
                    decision.after());
        }
        return decision;
    }

    /** In an array places move, and what is there already is not the sender's to take along. */
    private static @Nullable Refusal unfit(State state, ObjectState object, Path path) {
        if (state.holdings().places().size() >= Wire.MAX_PLACES) {
            return refusal(
                    MeshCode.LIMIT_EXCEEDED,
                    object,
                    path,
                    "the mesh has " + Wire.MAX_PLACES + " ephemeral places, which is the limit; close some first");
        }
        if (state.holdings().writers(object.id()) != null) {
            return refusal(
                    MeshCode.NOT_A_WRITER,
                    object,
                    path,
                    "an object that only holders of a permit may patch has no ephemeral places; use another object");
        }
        if (path.size() == 0) {
            return refusal(
                    MeshCode.INVALID_PATCH, object, path, "a whole object cannot be ephemeral; use a member of it");
        }
        JsonNode node = object.value();
        for (String step : path.steps()) {
            if (!node.isObject()) {
                return refusal(
                        MeshCode.INVALID_PATCH,
                        object,
                        path,
                        "an ephemeral place needs objects all the way, found "
                                + node.getNodeType().name().toLowerCase(java.util.Locale.ROOT) + " above " + step);
            }
            JsonNode below = node.get(step);
            if (below == null) {
                return null;
            }
            node = below;
        }
        Hold hold = state.holdings().places().get(new PlaceId(object.id(), path));
        return refusal(
                MeshCode.CONFLICT,
                object,
                path,
                "an ephemeral place must be free, it "
                        + (hold == null ? "has a value" : "is held by member " + hold.member())
                        + "; take another path, or wait until it is gone");
    }

    private static Refusal refusal(MeshCode code, ObjectState object, Path path, String text) {
        return Decider.refusal(code, object.id() + ": " + path + ": " + text);
    }

    static Decision withdraw(State state, Withdraw command, Stamp stamp, Limits limits) {
        ObjectState object = state.object(command.object());
        Hold hold = state.holdings().places().get(new PlaceId(command.object(), command.path()));
        if (hold == null || !hold.equals(new Hold(stamp.member(), command.position()))) {
            return Decider.unchanged(object);
        }
        return Decider.patch(state, object, Patch.unset(command.path().toString()), stamp, limits);
    }
}
