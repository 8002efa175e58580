package dev.covey.examples.tour.process;

/** Something that was to be done could not be shown to have happened, so nothing may be concluded from this run. */
public final class UnconfirmedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnconfirmedException(String sentence) {
        super(sentence);
    }
}
