package dev.covey.examples.tour.demo;

import java.util.List;

/**
 * What the judge found.
 *
 * @param acknowledged answers that workers noted
 * @param found those of them whose revision is in the store, by that worker, with that content
 * @param lost the others
 * @param doubled patches that took effect more than once
 * @param revisionFiles files the history is in
 * @param revisionMatches whether the files alone lead to the state the workers had: no gap, every counter adds up, same
 *     value
 */
record Verdict(long acknowledged, long found, long lost, long doubled, long revisionFiles, boolean revisionMatches) {
    boolean isGood() {
        return lost == 0 && doubled == 0 && found == acknowledged && revisionMatches;
    }

    String toWords() {
        return "verdict " + acknowledged + " " + found + " " + lost + " " + doubled + " " + revisionFiles + " "
                + revisionMatches;
    }

    static Verdict fromWords(List<String> words) {
        return new Verdict(
                Long.parseLong(words.get(1)),
                Long.parseLong(words.get(2)),
                Long.parseLong(words.get(3)),
                Long.parseLong(words.get(4)),
                Long.parseLong(words.get(5)),
                Boolean.parseBoolean(words.get(6)));
    }
}
