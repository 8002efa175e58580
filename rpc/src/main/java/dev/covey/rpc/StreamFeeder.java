package dev.covey.rpc;

import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Carries the items of a publisher to a caller in another member, as many as that one asks for. What the publisher is asked
 * runs on a worker, one thing after the other.
 */
final class StreamFeeder implements Flow.Subscriber<Object> {
    private final Running call;
    private final Serial serial;
    private Flow.@Nullable Subscription subscription;
    private long early;
    private boolean cancelled;

    StreamFeeder(Running call, Executor workers) {
        this.call = call;
        this.serial = new Serial(workers);
    }

    @SuppressWarnings("unchecked") // the publisher's items become JSON, whatever they are
    void begin(Flow.Publisher<?> publisher, long asked) {
        serial.execute(() -> guarded(() -> ((Flow.Publisher<Object>) publisher).subscribe(this)));
        if (asked > 0) {
            more(asked);
        }
    }

    void more(long items) {
        serial.execute(() -> guarded(() -> {
            Flow.Subscription open = subscription;
            if (open == null) {
                early += items;
            } else if (!cancelled) {
                open.request(items);
            }
        }));
    }

    void cancel() {
        serial.execute(() -> guarded(() -> {
            cancelled = true;
            Flow.Subscription open = subscription;
            if (open != null) {
                open.cancel();
            }
        }));
    }

    private void guarded(Runnable publisher) {
        try {
            publisher.run();
        } catch (Throwable thrown) {
            call.fail(thrown);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        serial.execute(() -> guarded(() -> {
            subscription = opened;
            if (cancelled) {
                opened.cancel();
            } else if (early > 0) {
                opened.request(early);
            }
        }));
    }

    @Override
    public void onNext(Object item) {
        call.item(item);
    }

    @Override
    public void onError(Throwable thrown) {
        call.fail(thrown);
    }

    @Override
    public void onComplete() {
        call.end();
    }
}
