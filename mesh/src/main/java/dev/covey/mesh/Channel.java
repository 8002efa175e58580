package dev.covey.mesh;

import dev.covey.mesh.agent.ChannelCount;
import dev.covey.mesh.agent.ChannelPort;
import dev.covey.mesh.core.Session;
import dev.covey.patch.FailureTally;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bytes straight from one member to another, through shared memory and past the host: what calls and events are made of.
 *
 * <p>A message arrives exactly once, whole, and after those the same member sent before it on the same channel, as long as
 * both members live; a change of host does not matter, what it may have swallowed is sent again. A member that dies takes
 * with it what it had not read, and {@link ChannelListener#lost} says so. A member that nobody listens in drops what comes:
 * listen before you tell others to send.
 *
 * <p>Limits: 32 MiB a message; 4,096 messages and 64 MiB to one member that its listener is not done with. Beyond is
 * OVERLOADED; nothing is dropped silently and nothing waits. Every method may be called by any thread.
 */
public final class Channel {
    private static final System.Logger LOG = System.getLogger(Channel.class.getName());

    private final Mesh mesh;
    private final Board board;
    private final String name;
    private final ChannelPort port;
    private @Nullable Subscriber subscriber;

    Channel(Mesh mesh, Board board, String name, ChannelPort port) {
        this.mesh = mesh;
        this.board = board;
        this.name = name;
        this.port = port;
    }

    public String name() {
        return name;
    }

    /**
     * Sends to a member, which may be this one.
     *
     * @param member its number
     * @throws MeshException PEER_LOST if it is not there; OVERLOADED; LIMIT_EXCEEDED; CLOSED. If it leaves before the
     *     message arrived only {@link ChannelListener#lost} tells
     */
    public void send(long member, byte[] message) {
        board.requireOpen();
        if (!board.state().sessions().containsKey(member)) {
            throw new MeshException(
                    MeshCode.PEER_LOST,
                    "mesh " + mesh.name() + " has no member " + member + "; mesh.members() tells who is here");
        }
        port.send(member, message);
    }

    /**
     * Sends to every other member there is now.
     *
     * @return to whom
     * @throws MeshException as {@link #send}; then it was sent to nobody
     */
    public List<Long> broadcast(byte[] message) {
        List<Long> others = peers();
        port.send(others, message);
        return others;
    }

    /**
     * The numbers of all other members there are now. This one is told apart by its seat: a member that was declared dead and
     * joined again is in the state for a moment before it knows its new number.
     *
     * @throws MeshException CLOSED
     */
    public List<Long> peers() {
        board.requireOpen();
        String seat = mesh.agent().seat();
        List<Long> others = new ArrayList<>();
        for (Session session : board.state().sessions().values()) {
            if (!session.profile().seat().equals(seat)) {
                others.add(session.number());
            }
        }
        return others;
    }

    /**
     * Listens from now on, in order, on a thread of the mesh that is made for user code.
     *
     * @throws IllegalStateException if somebody listens to this channel in this member already
     */
    public Observation receive(ChannelListener listener) {
        return receive(listener, new Sequence(board.executor()));
    }

    /**
     * Listens from now on, on an executor of the caller's, which decides about order and concurrency.
     *
     * @param executor called on the mesh's own thread, so it must not wait. One that runs the listener in place makes it part
     *     of that thread: for layers such as calls, whose listener only sorts what comes
     * @throws IllegalStateException if somebody listens to this channel in this member already
     */
    public synchronized Observation receive(ChannelListener listener, Executor executor) {
        if (subscriber != null) {
            throw new IllegalStateException("channel " + name
                    + " has a listener in this member; close that observation first, or use another name");
        }
        Subscriber opened = new Subscriber(listener, executor);
        subscriber = opened;
        port.deliverTo(opened);
        return () -> stop(opened);
    }

    private synchronized void stop(Subscriber closed) {
        if (subscriber == closed) {
            subscriber = null;
            port.deliverTo(null);
        }
    }

    /**
     * For who waits for what a message will bring, such as the answer to one: looks for messages on this thread, which
     * then need not be woken, instead of on the mesh's own. Meanwhile all that the mesh's own thread does is done here, what
     * listeners do in place too. Call it when nothing else is expected; somebody else who does so makes it return at once.
     *
     * @param arrived asked after each look; must not wait
     * @param nanos how long at most, in nanoseconds; never longer than some hundred microseconds
     * @return whether it has arrived; if not wait for it in another way
     */
    public boolean lookFor(BooleanSupplier arrived, long nanos) {
        return mesh.agent().standIn().lookForMessage(arrived, nanos);
    }

    /**
     * For a listener that runs in place: runs this as soon as the mesh's own thread is through with what it is at, on that
     * thread, which saves waking another. For work that takes some ten microseconds as a rule. It may wait all the same, and
     * call anything: after a millisecond or two another thread does what the mesh's own would.
     *
     * @return false if it is not to be had now: run it elsewhere
     */
    public boolean runHere(Runnable work) {
        return mesh.agent().deputy().takes(work);
    }

    /** For who has asked something and will not {@link #lookFor} the answer: wakes the mesh's own thread to do so. */
    public void expect() {
        mesh.agent().wake();
    }

    /** Events through the journal, in the same order for every member, under the same name. */
    public OrderedChannel ordered() {
        return mesh.ordered(name);
    }

    /** Of all channels of this member. */
    public ChannelStatistics statistics() {
        ChannelCount count = mesh.channelCount();
        return new ChannelStatistics(count.sent(), count.received(), count.resent(), count.dropped());
    }

    private final class Subscriber implements ChannelPort.Sink {
        private final ChannelListener listener;
        private final Executor executor;
        private final FailureTally failures = new FailureTally();

        private Subscriber(ChannelListener listener, Executor executor) {
            this.listener = listener;
            this.executor = executor;
        }

        @Override
        public void message(long from, byte[] message) {
            run(() -> listener.received(from, message), () -> port.handled(from));
        }

        @Override
        public void lost(long member) {
            run(() -> listener.lost(member), () -> {});
        }

        @Override
        public void ended(MeshException why) {
            run(() -> listener.ended(why), () -> {});
        }

        private void run(Runnable told, Runnable done) {
            try {
                executor.execute(() -> tell(told, done));
            } catch (Throwable refused) {
                done.run();
                failures.failed(
                        "the executor of channel " + name + " takes nothing",
                        refused.getClass(),
                        refused,
                        System.nanoTime(),
                        (text, trace) -> LOG.log(System.Logger.Level.ERROR, text, trace));
            }
        }

        private void tell(Runnable told, Runnable done) {
            try {
                told.run();
            } catch (Throwable thrown) {
                failures.failed(
                        "the listener of channel " + name + " threw; it gets the next message all the same",
                        thrown.getClass(),
                        thrown,
                        System.nanoTime(),
                        (text, trace) -> LOG.log(System.Logger.Level.ERROR, text, trace));
            } finally {
                done.run();
            }
        }
    }
}
