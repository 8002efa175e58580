package dev.covey.mesh.core;

/**
 * That a place goes with its member.
 *
 * @param member who put it there
 * @param position of the record by which; tells this hold from an earlier one of the same place
 */
public record Hold(long member, long position) {}
