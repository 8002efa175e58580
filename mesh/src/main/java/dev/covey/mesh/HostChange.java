package dev.covey.mesh;

import java.time.Duration;
import java.util.Optional;

/**
 * A new epoch began.
 *
 * @param epoch its number
 * @param host who decides in it; empty if it is not a member yet
 * @param gap from when this member last saw the host before give a beat to the moment this member applied the first
 *     record of the new epoch;
 *     zero for the first epoch this member sees
 */
public record HostChange(long epoch, Optional<Member> host, Duration gap) {}
