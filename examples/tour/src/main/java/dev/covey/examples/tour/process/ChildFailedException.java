package dev.covey.examples.tour.process;

/** A child ended by itself, or did not answer, or said that it failed: what was to be shown is not so. */
public final class ChildFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ChildFailedException(String sentence) {
        super(sentence);
    }
}
