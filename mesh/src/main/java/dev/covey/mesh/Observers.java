package dev.covey.mesh;

import dev.covey.mesh.core.ObjectState;
import dev.covey.patch.Operations;
import dev.covey.patch.Patch;
import dev.covey.patch.PatchException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Whoever listens to one object in this process. */
final class Observers {
    /** A patch of this member's that was refused, and why. */
    private record RefusedPatch(Patch patch, MeshException why) {}

    private final Mesh mesh;
    private final ObjectCopy copy;
    private final Watchers watchers = new Watchers();
    private final List<Mailbox<RefusedPatch>> refused = new CopyOnWriteArrayList<>();

    Observers(Mesh mesh, ObjectCopy copy) {
        this.mesh = mesh;
        this.copy = copy;
    }

    Observation observe(String path, ObserveOptions options, Consumer<Change> listener) {
        String id = copy.committed().id();
        Watcher watcher = new Watcher(id, pattern(id, path), options, mesh.executor(), listener);
        begin(watcher, options);
        mesh.opened(watcher.mailbox());
        return () -> {
            watchers.remove(watcher);
            watcher.mailbox().close();
            mesh.closed(watcher.mailbox());
        };
    }

    /** The copy stands still meanwhile, so that the next revision the watcher is told of follows what it begins with. */
    private void begin(Watcher watcher, ObserveOptions options) {
        synchronized (copy) {
            ObjectState now = copy.committed();
            if (options.fromCurrent() && now.revision() > 0) {
                watcher.take(Advance.current(now, mesh.memberOrGone(now.author())));
            }
            watcher.begin(now.revision());
            watchers.add(watcher);
        }
    }

    private static PathPattern pattern(String id, String path) {
        try {
            return PathPattern.parse(path);
        } catch (PatchException noPointer) {
            throw new MeshException(
                    MeshCode.INVALID_PATCH,
                    id + ": \"" + path + "\" is no path to observe; write \"\" for the whole object, \"/a/b\" for a"
                            + " member of a member, * for any step, ** for any number of steps",
                    noPointer);
        }
    }

    Observation onRefused(BiConsumer<Patch, MeshException> listener) {
        Mailbox<RefusedPatch> mailbox = new Mailbox<>(
                "the listener for refused patches of " + copy.committed().id(),
                mesh.executor(),
                refusal -> listener.accept(refusal.patch(), refusal.why()));
        refused.add(mailbox);
        mesh.opened(mailbox);
        return () -> {
            refused.remove(mailbox);
            mailbox.close();
            mesh.closed(mailbox);
        };
    }

    /** Whether there is anybody to {@link #tell}. */
    boolean any() {
        return watchers.any();
    }

    /** Agent's thread. */
    void tell(ObjectState before, ObjectState after, Operations operations, Member by) {
        Advance advance = Advance.patch(before, after, by, operations);
        watchers.concerned(before.value(), after.value(), operations, watcher -> watcher.take(advance));
    }

    /** Agent's thread. */
    void tellAll(ObjectState before, ObjectState after, Member by, Change.Cause cause) {
        Advance advance = Advance.jump(before, after, by, cause);
        watchers.everybody(watcher -> watcher.take(advance));
    }

    /** Agent's thread. */
    void tellRefused(Patch patch, MeshException why) {
        refused.forEach(mailbox -> mailbox.deliver(new RefusedPatch(patch, why)));
    }
}
