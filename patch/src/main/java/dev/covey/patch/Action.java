package dev.covey.patch;

/** What an operator with its argument, already checked, does at a path of a draft. */
interface Action {
    void at(Draft draft, Path path);
}
