package dev.covey.mesh;

/**
 * What all channels of this member have done so far.
 *
 * @param sent messages given away
 * @param received messages that arrived
 * @param resent messages sent again, because the host changed or something was lost
 * @param dropped frames that came twice, were forged, or were meant for somebody else
 */
public record ChannelStatistics(long sent, long received, long resent, long dropped) {}
