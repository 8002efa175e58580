package dev.covey.rpc;

import java.util.List;

/** What this member serves under one or more names, until closed. Calls that run are not disturbed by that. */
public final class Service implements AutoCloseable {
    private final List<String> names;
    private final Runnable withdraw;

    Service(List<String> names, Runnable withdraw) {
        this.names = List.copyOf(names);
        this.withdraw = withdraw;
    }

    public List<String> names() {
        return names;
    }

    /** Takes the names back; returns when all members know. */
    @Override
    public void close() {
        withdraw.run();
    }
}
