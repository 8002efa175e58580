package dev.covey.mesh.local;

import dev.covey.store.StoreMembers;
import java.lang.reflect.InvocationTargetException;
import java.util.List;

/**
 * The wrong verdict: every member of whatever owns a store is dead, and its locks are free. A process that believes it becomes
 * whatever its first argument says.
 */
public final class LyingWitnesses implements Witnesses {
    private LyingWitnesses() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        StoreClaim.witnesses = new LyingWitnesses();
        try {
            var main = Class.forName("dev.covey.mesh.process.Puppet").getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) arguments);
        } catch (InvocationTargetException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public List<StoreMembers.Member> living(StoreMembers members, StoreMembers.Place own) {
        return List.of();
    }

    @Override
    public boolean anybodyLives(MeshDirectory directory) {
        return false;
    }

    @Override
    public boolean isFree(LockFile file, long at) {
        return true;
    }
}
