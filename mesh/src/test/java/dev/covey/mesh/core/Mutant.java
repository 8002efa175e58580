package dev.covey.mesh.core;

import dev.covey.mesh.protocol.LogRecord;

/** What is wrong with a simulated mesh, so that the simulation can show that it would notice. */
enum Mutant {
    NONE,
    /** Takes and commits store the cell without looking what is in it. */
    NO_CHECK_OF_THE_CELL {
        @Override
        SimulatedCell cell() {
            return new SimulatedCell() {
                @Override
                boolean mayMove(long found, long expected) {
                    return true;
                }
            };
        }
    },
    /** A host decides every command it gets, also again. */
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
    /** A host decides what arrives although something before it is missing. */
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
    /** Readers take a record from the first epoch that has one, whatever a later epoch says. */
    NO_SEAL,
    /** Readers list the segments first and look at the cell then. */
    LISTS_FIRST,
    /** A successor decides before it has applied all. */
    LAGGING,
    /** A member that was host once goes on with the tail it had then. */
    KEEPS_TAIL {
        @Override
        Core.Office office() {
            return new TailKeeper();
        }
    };

    SimulatedCell cell() {
        return new SimulatedCell();
    }

    /** One for each process. */
    Core.Office office() {
        return Hosting::new;
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
