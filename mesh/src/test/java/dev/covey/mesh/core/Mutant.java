package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Cell;
import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.LogRecord;

/** What is wrong with a simulated mesh, so that the simulation can show that it would notice. */
enum Mutant {
    NONE,
    /** C1: takes and commits store the cell without looking what is in it. */
    NO_CHECK_OF_THE_CELL((found, expected, next) -> true),
    /** C1: a commit stores the cell without looking who has it. */
    COMMITS_BLINDLY((found, expected, next) -> found == expected || Cell.epochLow(expected) == Cell.epochLow(next)),
    /** C1: a take-over stores the cell without looking how far it is by now. */
    TAKES_BLINDLY((found, expected, next) -> found == expected || Cell.epochLow(expected) != Cell.epochLow(next)),
    /** C1: only the epoch in the cell is compared, not the position. */
    COMPARES_EPOCHS_ONLY((found, expected, next) -> Cell.epochLow(found) == Cell.epochLow(expected)),
    /** R1: a host decides every command it gets, also again. */
    NO_DEDUPE {
        @Override
        Core.Office office() {
            return (epoch, state, options, effects) -> new Hosting(epoch, state, options, effects) {
                @Override
                boolean isRepeated(Session sender, long sequence) {
                    return false;
                }

                @Override
                boolean isNext(Session sender, long sequence) {
                    return true;
                }
            };
        }
    },
    /** R1: a host decides what arrives although something before it is missing. */
    NO_ORDER {
        @Override
        Core.Office office() {
            return (epoch, state, options, effects) -> new Hosting(epoch, state, options, effects) {
                @Override
                boolean isNext(Session sender, long sequence) {
                    return true;
                }
            };
        }
    },
    /** A host lets members go and keeps what goes with them. */
    KEEPS_PLACES {
        @Override
        Core.Office office() {
            return (epoch, state, options, effects) -> new Hosting(epoch, state, options, effects) {
                @Override
                void farewell(long member, long nowMicros) {}
            };
        }
    },
    /** R1: a refusal is recorded without saying which command it answers. */
    FORGETS_REFUSALS {
        @Override
        Core.Office office() {
            return (epoch, state, options, effects) ->
                    new Hosting(epoch, state, options, new ForwardedEffects(effects) {
                        @Override
                        public void append(LogRecord record, long committed) {
                            super.append(record.fact() instanceof Fact.Refused ? anonymous(record) : record, committed);
                        }
                    });
        }
    },
    /** R1: a refusal is told as soon as it is decided. */
    REFUSES_UNCOMMITTED,
    /** R3: what comes again is answered from what is decided, committed or not. */
    ANSWERS_REPEATS_EARLY,
    /** R5: a host decides what was meant for the host of another epoch. */
    TAKES_STRAYS {
        @Override
        Core.Office office() {
            return (epoch, state, options, effects) -> new Hosting(epoch, state, options, effects) {
                @Override
                void command(Envelope stray, long nowMicros) {
                    super.command(
                            new Envelope(stray.life(), epoch, stray.member(), stray.sequence(), stray.command()),
                            nowMicros);
                }
            };
        }
    },
    /** R2: readers take a record from the first epoch that has one, whatever a later epoch says. */
    NO_SEAL,
    /** R7: when the disk is full a member says that it sends nothing, and sends it. */
    SENDS_WHAT_IT_REFUSES,
    /** R7: a host tries a failed force again. */
    FORCES_AGAIN,
    /** J2: a host commits what is not on the device yet. */
    COMMITS_BEFORE_FORCE,
    /** J2: a host commits in a segment whose name is not on the device yet. */
    NO_FORCE_OF_HEADER,
    /** J2: a starter believes what it reads without having it forced. */
    NO_FORCE_OF_RECOVERY,
    /** J3: whatever lies behind a hole makes a journal corrupt, acknowledged or not. */
    HOLE_IS_CORRUPT,
    /** J3: what a recovery cuts off is not sealed. */
    CUTS_WITHOUT_A_SEAL,
    /** J4: segments go before the snapshot that replaces them is there. */
    REMOVES_BEFORE_THE_SNAPSHOT,
    /** F1: a new life goes on behind the last valid record's epoch, whoever used higher ones. */
    REUSES_EPOCHS,
    /** C4: a store is taken by who finds no control file, although somebody lives on it. */
    TAKES_A_STORE_THAT_IS_IN_USE,
    /** C6: whose seat is missing counts as dead, and nobody makes a seat again. */
    MISSING_IS_DEAD,
    /** C7: a store is claimed by free locks alone, from members who live, and their cell is left as it is. */
    WALKER,
    /** C4: a starter says that it is of this boot before it has dealt with what the last one lost. */
    CLAIMS_THE_BOOT_EARLY,
    /** R2: readers list the segments again only when they miss one. */
    KEEPS_LISTING,
    /** C5: readers list the segments first and look at the cell then. */
    LISTS_FIRST,
    /** R4: a successor decides before it has applied all. */
    LAGGING,
    /** R3: a member that was host once goes on with the tail it had then. */
    KEEPS_TAIL {
        @Override
        Core.Office office() {
            return new TailKeeper();
        }
    };

    /** Whether the cell, which holds {@code found}, is moved to {@code next} for who expects it to hold something. */
    interface Rule {
        boolean mayMove(long found, long expected, long next);
    }

    @SuppressWarnings("ImmutableEnumChecker") // lambdas that hold on to nothing
    private final Rule rule;

    Mutant() {
        this((found, expected, next) -> found == expected);
    }

    Mutant(Rule rule) {
        this.rule = rule;
    }

    SimulatedCell cell() {
        return new SimulatedCell() {
            @Override
            boolean mayMove(long found, long expected, long next) {
                return rule.mayMove(found, expected, next);
            }
        };
    }

    /** One for each process. */
    Core.Office office() {
        return Hosting::new;
    }

    private static LogRecord anonymous(LogRecord record) {
        return new LogRecord(record.epoch(), record.position(), record.timeMicros(), 0, 0, record.fact());
    }

    /** Remembers the last state its host decided on, committed or not. */
    private static final class TailKeeper implements Core.Office {
        private State kept = State.EMPTY;

        @Override
        public Hosting open(long epoch, State state, CoreOptions options, Effects effects) {
            State start = kept.position() > state.position() ? kept : state;
            kept = start;
            return new Hosting(epoch, start, options, new ForwardedEffects(effects) {
                @Override
                public void append(LogRecord record, long committed) {
                    kept = kept.apply(record);
                    super.append(record, committed);
                }
            });
        }
    }
}
