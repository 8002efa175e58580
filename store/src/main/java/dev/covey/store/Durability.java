package dev.covey.store;

/** What an acknowledgement survives. */
public enum Durability {
    /** The journal lies on tmpfs: survives the death of every process, not a reboot. */
    MEMORY,
    /** The operating system has it: survives the death of every process; a power loss may cut off the end. */
    OS,
    /** Forced to the device before it is acknowledged: survives power loss. */
    FSYNC
}
