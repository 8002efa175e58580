package dev.covey.rpc;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One subscription to a stream of another member: asks for items, and hands what comes to the subscriber, in order. */
final class StreamCall<T> implements Pending.Sink, Flow.Subscription {
    /** Reads an item. */
    interface Reader<T> {
        T read(ByteBuffer json);
    }

    private final Flow.Subscriber<? super T> subscriber;
    private final Reader<T> reader;
    private final Serial serial;
    private final Caller.Line line;
    private final AtomicLong wanted = new AtomicLong();
    private volatile @Nullable Pending call;
    private long early;
    private boolean begun;
    private boolean over;

    StreamCall(Flow.Subscriber<? super T> subscriber, Reader<T> reader, Serial serial, Caller.Line line) {
        this.subscriber = subscriber;
        this.reader = reader;
        this.serial = serial;
        this.line = line;
    }

    /** The subscriber is told first, and what it asks for meanwhile goes out after the call itself. */
    void begin(Pending pending) {
        call = pending;
        serial.execute(() -> subscriber.onSubscribe(this));
        serial.execute(() -> {
            if (!over) {
                line.begin(pending);
                askEarly(pending);
            }
        });
    }

    private synchronized void askEarly(Pending pending) {
        begun = true;
        if (early > 0) {
            line.more(pending, early);
        }
    }

    private synchronized void ask(Pending open, long items) {
        wanted.addAndGet(items);
        if (begun) {
            line.more(open, items);
        } else {
            early += items;
        }
    }

    @Override
    public void request(long items) {
        Pending open = call;
        if (items <= 0) {
            cancel();
            signal(() -> subscriber.onError(new IllegalArgumentException(items + " items were asked for")), true);
        } else if (open != null) {
            ask(open, items);
        }
    }

    @Override
    public void cancel() {
        Pending open = call;
        if (open != null) {
            line.cancelled(open);
        }
        serial.execute(() -> over = true);
    }

    @Override
    public void result(ByteBuffer json) {
        failed(new RpcException(RpcCode.BAD_RESULT, "a stream was called, and one value came"));
    }

    @Override
    public void item(ByteBuffer json) {
        if (wanted.decrementAndGet() < 0) {
            cancel();
            failed(new RpcException(RpcCode.BAD_RESULT, "more items came than were asked for"));
            return;
        }
        serial.execute(() -> {
            if (!over) {
                next(json);
            }
        });
    }

    private void next(ByteBuffer json) {
        try {
            subscriber.onNext(reader.read(json));
        } catch (Throwable failed) {
            over = true;
            cancel();
            subscriber.onError(failed);
        }
    }

    @Override
    public void end() {
        signal(subscriber::onComplete, true);
    }

    @Override
    public void failed(RpcException why) {
        signal(() -> subscriber.onError(why), true);
    }

    private void signal(Runnable told, boolean last) {
        serial.execute(() -> {
            if (!over) {
                over = last;
                told.run();
            }
        });
    }
}
