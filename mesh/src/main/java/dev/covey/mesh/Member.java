package dev.covey.mesh;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A member of a mesh, as the replicated state has it.
 *
 * @param number given at join, never given twice; lower numbers are earlier in the line for being host
 * @param name what it called itself
 * @param pid its process, 0 if unknown
 * @param roles what it said it is for
 * @param joinedAt time of the record that made it a member
 * @param metadata what else it said about itself
 */
public record Member(
        long number, String name, long pid, List<String> roles, Instant joinedAt, Map<String, String> metadata) {
    public Member {
        roles = List.copyOf(roles);
        metadata = Map.copyOf(metadata);
    }
}
