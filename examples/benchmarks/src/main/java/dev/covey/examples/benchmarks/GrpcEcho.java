package dev.covey.examples.benchmarks;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A unary call of gRPC over Netty on the loopback, with a text as it is instead of a protocol buffer. */
final class GrpcEcho implements EchoLine {
    static final String NAME = "gRPC, netty";
    private static final String PORT = "grpc-port";

    private static final MethodDescriptor.Marshaller<String> TEXT = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    };

    private static final MethodDescriptor<String, String> ECHO = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("echo/echo")
            .setRequestMarshaller(TEXT)
            .setResponseMarshaller(TEXT)
            .build();

    private final ManagedChannel channel;

    private GrpcEcho(int port) {
        channel = NettyChannelBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .usePlaintext()
                .build();
    }

    static AutoCloseable serve(Path directory) throws IOException {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerServiceDefinition.builder("echo")
                        .addMethod(ECHO, ServerCalls.asyncUnaryCall((text, answer) -> {
                            answer.onNext(text);
                            answer.onCompleted();
                        }))
                        .build())
                .build()
                .start();
        Files.writeString(directory.resolve(PORT), Integer.toString(server.getPort()));
        return server::shutdownNow;
    }

    static EchoLine call(Path directory) throws IOException {
        return new GrpcEcho(Integer.parseInt(Files.readString(directory.resolve(PORT))));
    }

    @Override
    public String echo(String text) {
        return ClientCalls.blockingUnaryCall(channel, ECHO, CallOptions.DEFAULT, text);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
