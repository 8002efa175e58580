package dev.covey.mesh.agent;

/** Threads that keep no process alive. */
final class Daemon {
    private Daemon() {}

    static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
