package dev.covey.mesh.local;

import dev.covey.store.StoreMembers;
import java.io.IOException;
import java.util.List;

/**
 * Who tells whether the members of a store's former owner live: the files they have in the store, the seats in their mesh's
 * directory, and the lock (rule C7). A seam: tests have every one of them lie, and nothing acknowledged may be lost.
 */
interface Witnesses {
    Witnesses REAL = new Witnesses() {
        @Override
        public List<StoreMembers.Member> living(StoreMembers members, StoreMembers.Place own) {
            return members.living(own);
        }

        @Override
        public boolean anybodyLives(MeshDirectory directory) {
            return LifeSigns.anybodyLives(directory);
        }

        @Override
        public boolean isFree(LockFile file, long at) throws IOException {
            boolean free = file.tryExclusive(at);
            if (free) {
                file.release(at);
            }
            return free;
        }
    };

    /** Who is named in the store and not proven dead. */
    List<StoreMembers.Member> living(StoreMembers members, StoreMembers.Place own);

    /** Whether anybody with a seat in that mesh may live. */
    boolean anybodyLives(MeshDirectory directory);

    /** Whether nobody else has that byte locked. */
    boolean isFree(LockFile file, long at) throws IOException;
}
