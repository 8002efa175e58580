package dev.covey.examples.benchmarks;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Aeron IPC as it is, with the hand-overs that a call has: the caller's thread sends; a thread that polls there hands to a
 * handler's thread, which sends back; a thread that polls here completes the caller's future.
 */
final class RawEcho implements EchoLine {
    static final String NAME = "raw Aeron IPC";
    static final String SPINNING = "raw Aeron IPC, spinning";
    private static final String CHANNEL = "aeron:ipc?term-length=64k";
    /** Idles as Covey does: looks, then lets others run for about half a millisecond, then sleeps. */
    private static final int SPINS = 20;

    private static final int YIELDS = 1_000;
    private static final long PARK_NANOS = 1_000_000;
    private static final int THERE = 1_001;
    private static final int BACK = 1_002;

    private final @Nullable MediaDriver driver;
    private final Aeron aeron;
    private final Publication out;
    private final Map<Long, CompletableFuture<String>> answers = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final ExecutorService handlers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "handler");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean closed;

    private RawEcho(Path directory, boolean serves, boolean spinning) {
        String aeronDirectory = directory.resolve("aeron").toString();
        driver = serves
                ? MediaDriver.launch(new MediaDriver.Context()
                        .aeronDirectoryName(aeronDirectory)
                        .threadingMode(ThreadingMode.INVOKER)
                        .dirDeleteOnShutdown(true))
                : null;
        Aeron.Context context =
                new Aeron.Context().aeronDirectoryName(aeronDirectory).useConductorAgentInvoker(true);
        if (driver != null) {
            context.driverAgentInvoker(driver.sharedAgentInvoker());
        }
        aeron = Aeron.connect(context);
        out = aeron.addPublication(CHANNEL, serves ? BACK : THERE);
        Subscription in = aeron.addSubscription(CHANNEL, serves ? THERE : BACK);
        FragmentHandler handler = (buffer, offset, length, header) -> {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            if (serves) {
                handlers.execute(() -> send(bytes));
            } else {
                answer(bytes);
            }
        };
        Thread poller = new Thread(() -> poll(in, handler, spinning), "polls");
        poller.setDaemon(true);
        poller.start();
    }

    static AutoCloseable serve(Path directory, boolean spinning) {
        return new RawEcho(directory, true, spinning);
    }

    static EchoLine call(Path directory, boolean spinning) {
        return new RawEcho(directory, false, spinning);
    }

    private void poll(Subscription in, FragmentHandler handler, boolean spinning) {
        long yields = spinning ? Long.MAX_VALUE : YIELDS;
        IdleStrategy idle = new BackoffIdleStrategy(SPINS, yields, PARK_NANOS, PARK_NANOS);
        while (!closed) {
            int work = aeron.conductorAgentInvoker().invoke();
            if (driver != null) {
                work += driver.sharedAgentInvoker().invoke();
            }
            idle.idle(work + in.poll(handler, 16));
        }
    }

    private void answer(byte[] bytes) {
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        CompletableFuture<String> waiting = answers.remove(buffer.getLong(0));
        if (waiting != null) {
            waiting.complete(new String(bytes, Long.BYTES, bytes.length - Long.BYTES, StandardCharsets.UTF_8));
        }
    }

    private void send(byte[] bytes) {
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        while (out.offer(buffer) < 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public String echo(String text) {
        byte[] utf = text.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[Long.BYTES + utf.length];
        long id = lastId.incrementAndGet();
        new UnsafeBuffer(bytes).putLong(0, id);
        System.arraycopy(utf, 0, bytes, Long.BYTES, utf.length);
        CompletableFuture<String> answer = new CompletableFuture<>();
        answers.put(id, answer);
        send(bytes);
        return answer.join();
    }

    @Override
    public void close() {
        closed = true;
        handlers.shutdown();
    }
}
