package dev.covey.rpc;

/**
 * What goes on at the moment.
 *
 * @param calls of this member that have no answer yet
 * @param handlers that run in this member
 */
public record RpcStatistics(int calls, int handlers) {}
