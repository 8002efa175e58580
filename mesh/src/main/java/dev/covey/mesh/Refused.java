package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What a refused patch met: enough to decide again without another look.
 *
 * @param object the object's id
 * @param value the committed value the patch was refused on; frozen
 * @param revision its number
 * @param winner who wrote what this patch came too late for, if that was the reason
 */
public record Refused(String object, JsonNode value, long revision, Optional<Member> winner) {}
