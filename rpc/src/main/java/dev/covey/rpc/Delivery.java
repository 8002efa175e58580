package dev.covey.rpc;

import java.util.List;

/**
 * What became of a published event at once; nobody waits for listeners.
 *
 * @param members how many other members it was sent to, whoever listens there
 * @param overloaded members that it was not sent to, since they do not take in what was sent before; they will be told
 */
public record Delivery(int members, List<Long> overloaded) {}
