package dev.covey.rpc;

import dev.covey.mesh.Member;

/**
 * A name that a living member serves.
 *
 * @param name as {@code price} or {@code Pricing.price}
 * @param signature parameters and result of a typed service, as {@code (String, int): BigDecimal}; {@code (…)} of one that is
 *     served by name
 * @param owner who serves it
 */
public record ServiceInfo(String name, String signature, Member owner) {}
