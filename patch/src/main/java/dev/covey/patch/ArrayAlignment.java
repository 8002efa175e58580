package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Which elements of two arrays correspond: equal ones at the front and at the back, and between them a longest common
 * subsequence, if that can be found by filling a table of at most {@value #CELLS} cells.
 */
final class ArrayAlignment {
    private static final int CELLS = 1 << 18;

    /**
     * Elements without an equal, between two that have one.
     *
     * @param before index of the first in the old array
     * @param removed how many of the old array
     * @param after index of the first in the new array
     * @param inserted how many of the new array
     */
    record Gap(int before, int removed, int after, int inserted) {}

    private ArrayAlignment() {}

    static List<Gap> of(List<JsonNode> before, List<JsonNode> after) {
        int most = Math.min(before.size(), after.size());
        int head = 0;
        while (head < most && Diff.same(before.get(head), after.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < most - head
                && Diff.same(before.get(before.size() - 1 - tail), after.get(after.size() - 1 - tail))) {
            tail++;
        }
        int rows = before.size() - head - tail;
        int columns = after.size() - head - tail;
        if (rows == 0 && columns == 0) {
            return List.of();
        }
        Gap whole = new Gap(head, rows, head, columns);
        boolean aligns = rows != columns && rows > 0 && columns > 0 && (long) (rows + 1) * (columns + 1) <= CELLS;
        return aligns ? aligned(before, after, whole) : List.of(whole);
    }

    private static List<Gap> aligned(List<JsonNode> before, List<JsonNode> after, Gap whole) {
        int rows = whole.removed();
        int columns = whole.inserted();
        int[][] length = lengths(before, after, whole);
        List<Gap> gaps = new ArrayList<>();
        int row = 0;
        int column = 0;
        while (row < rows || column < columns) {
            int fromRow = row;
            int fromColumn = column;
            while ((row < rows || column < columns) && !pair(before, after, whole, length, row, column)) {
                if (column == columns || (row < rows && length[row + 1][column] >= length[row][column + 1])) {
                    row++;
                } else {
                    column++;
                }
            }
            if (row > fromRow || column > fromColumn) {
                gaps.add(new Gap(
                        whole.before() + fromRow, row - fromRow, whole.after() + fromColumn, column - fromColumn));
            }
            row++;
            column++;
        }
        return gaps;
    }

    private static boolean pair(
            List<JsonNode> before, List<JsonNode> after, Gap whole, int[][] length, int row, int column) {
        return row < whole.removed()
                && column < whole.inserted()
                && length[row][column] == length[row + 1][column + 1] + 1
                && Diff.same(before.get(whole.before() + row), after.get(whole.after() + column));
    }

    /** Of the longest common subsequence of what follows each pair of places. */
    private static int[][] lengths(List<JsonNode> before, List<JsonNode> after, Gap whole) {
        int[][] length = new int[whole.removed() + 1][whole.inserted() + 1];
        for (int row = whole.removed() - 1; row >= 0; row--) {
            JsonNode old = before.get(whole.before() + row);
            for (int column = whole.inserted() - 1; column >= 0; column--) {
                length[row][column] = Diff.same(old, after.get(whole.after() + column))
                        ? length[row + 1][column + 1] + 1
                        : Math.max(length[row + 1][column], length[row][column + 1]);
            }
        }
        return length;
    }
}
