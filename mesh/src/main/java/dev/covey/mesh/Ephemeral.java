package dev.covey.mesh;

import dev.covey.mesh.core.Hold;
import dev.covey.mesh.core.PlaceId;
import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Wire;
import dev.covey.patch.Patch;
import dev.covey.patch.PatchException;
import dev.covey.patch.Path;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * A place in an object that vanishes when the member who put it there leaves or dies: by a revision of its own, that
 * observers see, before the members learn that it left.
 *
 * <p>It may be patched by anybody, also by its owner, below the path. Who overwrites or removes the path itself, or a place
 * above it, ends the hold: what is there then stays. A member that was declared dead while it lived, and joined again, has
 * lost its places; {@link #isHeld()} says so.
 */
public final class Ephemeral implements AutoCloseable {
    private final Mesh mesh;
    private final SharedObject object;
    private final Path path;
    private final long position;

    private Ephemeral(Mesh mesh, SharedObject object, Path path, long position) {
        this.mesh = mesh;
        this.object = object;
        this.path = path;
        this.position = position;
    }

    static CompletableFuture<Ephemeral> place(Mesh mesh, SharedObject object, String pointer, Object value) {
        Path path = path(object, pointer);
        Patch patch = Patch.set(pointer, value);
        object.requireFits(patch);
        return ObjectRequest.send(mesh, object, unused -> new Command.Place(object.id(), path, patch))
                .thenApply(revision -> new Ephemeral(mesh, object, path, revision.position()));
    }

    private static Path path(SharedObject object, String pointer) {
        int bytes = pointer.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Wire.MAX_PATH_BYTES) {
            throw new MeshException(
                    MeshCode.LIMIT_EXCEEDED,
                    object.id() + ": the path has " + bytes + " bytes, the limit is " + Wire.MAX_PATH_BYTES
                            + "; use shorter names");
        }
        try {
            return Path.parse(pointer);
        } catch (PatchException noPointer) {
            throw new MeshException(
                    MeshCode.INVALID_PATCH,
                    object.id() + ": \"" + pointer + "\" is no JSON pointer; write \"/a/b\" for a member of a member",
                    noPointer);
        }
    }

    /** The object it is in. */
    public SharedObject object() {
        return object;
    }

    /** Where it is, as a JSON pointer. */
    public String path() {
        return path.toString();
    }

    /** Whether it goes with this member, as far as this member knows. Never waits. */
    public boolean isHeld() {
        Hold hold = mesh.holdings().places().get(new PlaceId(object.id(), path));
        return hold != null && hold.position() == position;
    }

    /** Takes it back. The future ends with the revision that removed it, unchanged if it was not held any more. */
    public CompletableFuture<Revision> remove() {
        return ObjectRequest.send(mesh, object, unused -> new Command.Withdraw(object.id(), path, position));
    }

    /** As {@link #remove}, without waiting for an answer. What is closed already says so. */
    @Override
    public void close() {
        if (isHeld()) {
            CompletableFuture<Revision> unused = remove();
        }
    }
}
