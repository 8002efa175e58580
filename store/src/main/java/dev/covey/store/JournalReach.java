package dev.covey.store;

/**
 * What a journal directory has of what a commit cell says was committed there (rule C8). Looking changes nothing.
 *
 * @param strange the first file that another life wrote above the birth of the one that asks; empty if there is none
 * @param strangeLife which life that is; {@link JournalLife#UNTOLD} if there is none
 * @param position the last position up to which every record is there, in a snapshot or valid in its segment
 * @param claim the highest position that anything in the directory says was committed; above the cell's the cell is an older
 *     one than the journal
 * @param where the file in which {@code position} ends, and the byte
 * @param damaged whether what follows there is damaged, and not only missing
 */
public record JournalReach(
        String strange, JournalLife strangeLife, long position, long claim, String where, boolean damaged) {}
