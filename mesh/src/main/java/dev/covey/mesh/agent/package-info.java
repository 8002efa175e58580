/**
 * The duty cycle of a member: joins the core, the protocol, Aeron and the local files. One thread owns the core; what
 * other threads want of it they leave in its {@link dev.covey.mesh.agent.Inbox}.
 */
@NullMarked
package dev.covey.mesh.agent;

import org.jspecify.annotations.NullMarked;
