package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.Refusal;
import dev.covey.mesh.protocol.Token;

/** Records, commands and outcomes in a form short enough to be read aloud. */
final class Words {
    private Words() {}

    static String of(LogRecord record) {
        String sender = record.sequence() == 0 ? "" : " " + record.member() + "#" + record.sequence();
        return record.epoch() + "/" + record.position() + " t" + record.timeMicros() + sender + " " + of(record.fact());
    }

    static String of(Fact fact) {
        if (fact instanceof Fact.Patched patched) {
            return patched.object() + " r" + patched.revision() + " "
                    + (patched.deletes() ? "deleted" : patched.operations())
                    + (patched.held() == null ? "" : ", held");
        } else if (fact instanceof Fact.Unchanged unchanged) {
            return unchanged.object() + " stays r" + unchanged.revision();
        } else if (fact instanceof Fact.Refused refused) {
            return refused.object() + " refused: " + of(refused.refusal());
        } else if (fact instanceof Fact.EpochBegan began) {
            return "epoch began, host " + of(began.host());
        } else if (fact instanceof Fact.Joined joined) {
            return "member " + joined.number() + " joined, " + joined.profile().name() + " " + of(joined.token());
        } else if (fact instanceof Fact.Left left) {
            return "member " + left.number() + " left, " + left.departure();
        } else if (fact instanceof Fact.JoinRefused refused) {
            return of(refused.token()) + " may not join: " + of(refused.refusal());
        } else if (fact instanceof Fact.Guarded guarded) {
            return guarded.object() + " has " + guarded.writers() + " writers"
                    + (guarded.expiryMillis() == 0 ? "" : ", expiring after " + guarded.expiryMillis() + " ms");
        } else if (fact instanceof Fact.QueuedUp queued) {
            return queued.line() + ": queued up";
        } else if (fact instanceof Fact.SteppedOut stepped) {
            return stepped.line() + ": " + stepped.request() + " stepped out";
        }
        return "state hash";
    }

    static String of(Refusal refusal) {
        String winner = refusal.winner() == null
                ? ""
                : " (winner: member " + refusal.winner().member() + " at t"
                        + refusal.winner().timeMicros() + ")";
        return refusal.code() + winner + ", " + refusal.text();
    }

    static String of(Outcome outcome) {
        String where = " by " + outcome.epoch() + "/" + outcome.position();
        if (outcome instanceof Outcome.Accepted accepted) {
            return "accepted as r" + accepted.revision() + (accepted.changed() ? "" : " unchanged") + where;
        }
        return "refused" + where + ": " + of(((Outcome.Refused) outcome).refusal());
    }

    static String of(Envelope envelope) {
        return envelope.member() + "#" + envelope.sequence() + " to the host of epoch " + envelope.epoch() + ": "
                + of(envelope.command());
    }

    static String of(Command command) {
        if (command instanceof Command.Change change) {
            return "change " + change.object();
        } else if (command instanceof Command.Initialize initialize) {
            return "initialize " + initialize.object();
        } else if (command instanceof Command.Delete delete) {
            return "delete " + delete.object();
        } else if (command instanceof Command.Place place) {
            return "place " + place.object() + " " + place.path();
        } else if (command instanceof Command.Withdraw withdraw) {
            return "withdraw " + withdraw.object() + " " + withdraw.path();
        } else if (command instanceof Command.Guard guard) {
            return "guard " + guard.object();
        } else if (command instanceof Command.QueueUp queueUp) {
            return "queue up for " + queueUp.line();
        } else if (command instanceof Command.StepOut stepOut) {
            return "step out of " + stepOut.line();
        } else if (command instanceof Command.Alive) {
            return "alive";
        } else if (command instanceof Command.Join join) {
            return "join " + of(join.token());
        }
        return "leave";
    }

    static String of(Token token) {
        return token.equals(Token.NONE) ? "nobody" : "token " + token.low();
    }
}
