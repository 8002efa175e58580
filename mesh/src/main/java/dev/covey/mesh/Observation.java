package dev.covey.mesh;

/** Something that is being observed, until it is closed. A call that has begun is finished. */
public interface Observation extends AutoCloseable {
    @Override
    void close();
}
