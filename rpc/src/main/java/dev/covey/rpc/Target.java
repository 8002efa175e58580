package dev.covey.rpc;

/** Which of the members that serve a name is called. */
public sealed interface Target {
    /** One after the other, in turn. */
    record RoundRobin() implements Target {}

    /** The one that has the fewest handlers running, as far as its last answers and the calls under way tell. */
    record LeastBusy() implements Target {}

    /** That one. */
    record OfMember(long number) implements Target {}

    /** The mesh's host at the moment of the call. */
    record Host() implements Target {}

    /** One that has that role, in turn. */
    record OfRole(String role) implements Target {}

    static Target any() {
        return new RoundRobin();
    }

    static Target leastBusy() {
        return new LeastBusy();
    }

    static Target member(long number) {
        return new OfMember(number);
    }

    static Target host() {
        return new Host();
    }

    static Target role(String role) {
        return new OfRole(role);
    }
}
