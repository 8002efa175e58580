package dev.covey.examples.benchmarks;

import dev.covey.mesh.Mesh;
import dev.covey.rpc.EventBus;
import java.nio.file.Path;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;

/** Another JVM, which says when it has heard so many events. */
final class EventReceiver {
    static final String COVEY = "covey event bus";
    static final String JGROUPS = "JGroups";
    /** The publisher sends many before it waits for Redis to say it has them. */
    static final String REDIS = "Redis pub/sub, pipelined";

    /** How many events are between two words of a receiver about how far it is. */
    static final int PACE = 1_000;

    private final int events;
    private int heard;

    private EventReceiver(int events) {
        this.events = events;
    }

    /** Arguments: the contender, a directory of the measurement's own, and how many events will come. */
    public static void main(String[] arguments) throws Exception {
        EventReceiver receiver = new EventReceiver(Integer.parseInt(arguments[2]));
        Path directory = Path.of(arguments[1]);
        AutoCloseable listening = switch (arguments[0]) {
            case COVEY -> receiver.bus(directory);
            case JGROUPS -> receiver.jgroups(directory);
            case REDIS -> RedisEvents.hear(directory, receiver::heardOne);
            default -> throw new IllegalArgumentException("no contender is called " + arguments[0]);
        };
        System.out.println("up");
        int ended = System.in.read();
        listening.close();
        Runtime.getRuntime().halt(ended < 0 ? 0 : 1);
    }

    private void heardOne() {
        if (++heard == events) {
            System.out.println("up");
        }
    }

    private AutoCloseable bus(Path directory) {
        Mesh mesh = CoveyEcho.join(directory, false);
        EventBus bus = EventBus.on(mesh);
        bus.subscribe("prices.*", event -> {
            heardOne();
            if (heard % PACE == 0) {
                bus.publish("heard", heard);
            }
        });
        return mesh;
    }

    private AutoCloseable jgroups(Path directory) throws Exception {
        JChannel channel = JgroupsEcho.channel();
        channel.setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                Object unused = message.getObject();
                heardOne();
            }
        });
        channel.connect(directory.getFileName().toString());
        return channel;
    }
}
