package dev.covey.examples.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Events by Redis: a server of the measurement's own on a loopback port, that keeps nothing on disk. */
final class RedisEvents implements AutoCloseable {
    private static final String SERVER = "redis-server";
    private static final String PORT = "redis-port";
    private static final String CHANNEL = "prices.apple";
    private static final int PIPELINED = 1_000;
    private static final int TRIES = 100;

    private final Process server;
    private final int port;

    private RedisEvents(Process server, int port) {
        this.server = server;
        this.port = port;
    }

    static boolean isInstalled() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, SERVER)));
    }

    static RedisEvents start(Path directory) throws IOException, InterruptedException {
        int port = freePort();
        Process server = new ProcessBuilder(
                        SERVER,
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--client-output-buffer-limit",
                        "pubsub 0 0 0",
                        "--dir",
                        directory.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        RedisEvents redis = new RedisEvents(server, port);
        redis.awaitReady();
        Files.writeString(directory.resolve(PORT), Integer.toString(port));
        return redis;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            try (Jedis jedis = connect(port)) {
                jedis.ping();
                return;
            } catch (JedisConnectionException notYet) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        close();
        throw new IOException(SERVER + " does not answer on port " + port);
    }

    private static Jedis connect(int port) {
        return new Jedis(InetAddress.getLoopbackAddress().getHostAddress(), port);
    }

    /** In the receiver's JVM: hears until closed; returns when Redis knows of it. */
    static AutoCloseable hear(Path directory, Runnable heardOne) throws IOException, InterruptedException {
        Jedis jedis = connect(Integer.parseInt(Files.readString(directory.resolve(PORT))));
        CountDownLatch subscribed = new CountDownLatch(1);
        JedisPubSub listener = new JedisPubSub() {
            @Override
            public void onMessage(String channel, String message) {
                heardOne.run();
            }

            @Override
            public void onSubscribe(String channel, int subscribedChannels) {
                subscribed.countDown();
            }
        };
        Thread hearing = new Thread(() -> jedis.subscribe(listener, CHANNEL), "hears");
        hearing.setDaemon(true);
        hearing.start();
        subscribed.await();
        return listener::unsubscribe;
    }

    void publish(String text, int events) {
        try (Jedis jedis = connect(port);
                Pipeline pipeline = jedis.pipelined()) {
            for (int i = 1; i <= events; i++) {
                pipeline.publish(CHANNEL, text);
                if (i % PIPELINED == 0) {
                    pipeline.sync();
                }
            }
        }
    }

    @Override
    public void close() {
        server.destroyForcibly().onExit().join();
    }
}
