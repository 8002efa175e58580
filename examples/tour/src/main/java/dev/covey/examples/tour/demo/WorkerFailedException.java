package dev.covey.examples.tour.demo;

/** A worker's patch was refused, or its mesh ended: what was to be shown is not so. */
final class WorkerFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WorkerFailedException(String sentence) {
        super(sentence);
    }
}
