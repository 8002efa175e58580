package dev.covey.mesh;

import java.time.Instant;
import java.util.List;

/**
 * A member of a mesh, as the replicated state has it.
 *
 * @param number given at join, never given twice; lower numbers are earlier in the line for being host
 * @param name what it called itself
 * @param pid its process, 0 if unknown
 * @param roles what it said it is for
 * @param joinedAt time of the record that made it a member
 */
public record Member(long number, String name, long pid, List<String> roles, Instant joinedAt) {
    public Member {
        roles = List.copyOf(roles);
    }
}
