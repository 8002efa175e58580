package dev.covey.rpc;

import dev.covey.mesh.Observation;
import java.util.function.Consumer;

/**
 * A topic whose values are of one type.
 *
 * @param bus it belongs to
 * @param name of the topic
 * @param type of its values
 */
public record Topic<T>(EventBus bus, String name, Class<T> type) {
    public Topic {
        TopicPattern.requireTopic(name);
    }

    /** As {@link EventBus#publish}. */
    public Delivery publish(T value) {
        return bus.publish(name, value);
    }

    /** As {@link EventBus#subscribe(String, EventListener)}; a value that does not fit is logged and left out. */
    public Observation subscribe(Consumer<T> listener) {
        return bus.subscribe(name, event -> listener.accept(event.value(type)));
    }
}
