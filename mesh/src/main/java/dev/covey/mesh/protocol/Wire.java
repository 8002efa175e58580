package dev.covey.mesh.protocol;

import dev.covey.patch.Limits;

/** The version of the protocol, and the limits every decoder enforces. */
public final class Wire {
    /** Members of different versions refuse each other at join. The first that was closed is 3: 1 and 2 were spoken before it. */
    public static final int VERSION = 4;

    /** An object id: any text of so many bytes of UTF-8. */
    public static final int MAX_OBJECT_ID_BYTES = 512;

    /** A member's name, a role, a process identity. */
    public static final int MAX_LABEL_BYTES = 256;

    public static final int MAX_ROLES = 32;

    /** A sentence in a refusal. */
    public static final int MAX_SENTENCE_BYTES = 4096;

    /** A command as a whole; the journal takes a little more for the record that answers it. */
    public static final int MAX_COMMAND_BYTES = 8 << 20;

    /** What one patch may change: with the rest of its record it still is one record of the journal. */
    public static final int MAX_OPERATIONS_BYTES = MAX_COMMAND_BYTES - (64 << 10);

    /** Members of a mesh. */
    public static final int MAX_MEMBERS = 1024;

    /**
     * Objects of a mesh, deleted ones counted: what is left of one is its last revision number and when it was deleted. Were
     * that forgotten, a patch sent before the deletion could make the object again, and its numbers would begin at 1 before
     * revision files that have higher ones.
     */
    public static final int MAX_OBJECTS = 1 << 20;

    /** The JSON pointer of a place or a scope. */
    public static final int MAX_PATH_BYTES = 4096;

    /** Places of a mesh that go with their members. */
    public static final int MAX_PLACES = 1 << 16;

    /** Lines of a mesh in which members wait. */
    public static final int MAX_LINES = 1 << 16;

    /** Who may stand in one line. */
    public static final int MAX_IN_LINE = 4096;

    private Wire() {}

    /** A patch within the limits may resolve to operations that are larger than itself; the record of it must be readable. */
    static Limits ofRecords(Limits limits) {
        return limits.withPatchBytes(MAX_COMMAND_BYTES).withOperations(MAX_COMMAND_BYTES);
    }
}
