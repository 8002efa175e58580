package dev.covey.mesh.local;

/** The answer to whether a member lives (rule C6): it does, it does not, or nobody here can tell. */
public enum Verdict {
    ALIVE("it lives"),
    /** What can be seen from here proves neither; it may be alive. */
    UNKNOWN("nothing here tells whether it lives"),
    PROCESS_GONE("its process is gone"),
    LEFT("it said in its seat that it ended"),
    BELL_REFUSES("its bell in another PID namespace refuses connections"),
    FORMER_LIFE("it was a member of a life of this mesh that is over");

    private final String sentence;

    Verdict(String sentence) {
        this.sentence = sentence;
    }

    public boolean isDead() {
        return this != ALIVE && this != UNKNOWN;
    }

    /** Why, in words. */
    public String sentence() {
        return sentence;
    }
}
