package dev.covey.examples.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.blocks.MethodCall;
import org.jgroups.blocks.RequestOptions;
import org.jgroups.blocks.RpcDispatcher;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.FRAG2;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;

/** A call by the RpcDispatcher of JGroups over TCP on the loopback. */
final class JgroupsEcho implements EchoLine {
    static final String NAME = "JGroups RpcDispatcher";
    private static final int FIRST_PORT = 47_810;
    private static final int PORTS = 8;
    private static final long TIMEOUT_MILLIS = 10_000;
    /** On a busy machine a shorter one lets two found a group each. */
    private static final long JOIN_MILLIS = 3_000;

    private final JChannel channel;
    private final RpcDispatcher dispatcher;
    private final Address peer;

    private JgroupsEcho(JChannel channel, RpcDispatcher dispatcher, Address peer) {
        this.channel = channel;
        this.dispatcher = dispatcher;
        this.peer = peer;
    }

    /** What is called. */
    public static final class Target {
        /** Gives back what it gets. */
        public String echo(String text) {
            return text;
        }
    }

    /** A channel that finds others on the ports from {@value #FIRST_PORT}. */
    static JChannel channel() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        TCP tcp = new TCP();
        tcp.setBindAddress(loopback);
        tcp.setBindPort(FIRST_PORT);
        tcp.setPortRange(PORTS);
        TCPPING ping = new TCPPING();
        ping.setInitialHosts(List.of(new InetSocketAddress(loopback, FIRST_PORT)));
        ping.setPortRange(PORTS);
        return new JChannel(
                tcp,
                ping,
                new FD_SOCK2(),
                new NAKACK2(),
                new UNICAST3(),
                new STABLE(),
                new GMS().printLocalAddress(false).setJoinTimeout(JOIN_MILLIS),
                new UFC(),
                new MFC(),
                new FRAG2());
    }

    static AutoCloseable serve(Path directory) throws Exception {
        JChannel channel = channel();
        RpcDispatcher dispatcher = new RpcDispatcher(channel, new Target());
        channel.connect(directory.getFileName().toString());
        return () -> {
            dispatcher.close();
            channel.close();
        };
    }

    static EchoLine call(Path directory) throws Exception {
        JChannel channel = channel();
        RpcDispatcher dispatcher = new RpcDispatcher(channel, new Target());
        channel.connect(directory.getFileName().toString());
        Address peer = channel.view().getMembers().get(0);
        if (peer.equals(channel.address())) {
            throw new IOException("JGroups found no other member");
        }
        return new JgroupsEcho(channel, dispatcher, peer);
    }

    @Override
    public String echo(String text) throws IOException {
        try {
            MethodCall call = new MethodCall(Target.class.getMethod("echo", String.class), text);
            return dispatcher.callRemoteMethod(peer, call, RequestOptions.SYNC().timeout(TIMEOUT_MILLIS));
        } catch (Exception failed) {
            throw new IOException(failed);
        }
    }

    @Override
    public void close() throws IOException {
        dispatcher.close();
        channel.close();
    }
}
