/** The demo: workers that share a live object while their host is killed, and the judge who was never one of them. */
@NullMarked
package dev.covey.examples.tour.demo;

import org.jspecify.annotations.NullMarked;
