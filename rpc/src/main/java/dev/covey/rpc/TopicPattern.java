package dev.covey.rpc;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Which topics somebody wants. A topic is words with dots between them, {@code orders.created}; in a pattern {@code *}
 * stands for one word and {@code **} for any number of them, none too.
 */
final class TopicPattern {
    /** Longest topic, pattern or group name, in characters. */
    static final int MAX_CHARS = 256;

    private static final Pattern TOPIC = Pattern.compile("[^.*\\s/~]+(\\.[^.*\\s/~]+)*");
    private static final Pattern PATTERN = Pattern.compile("([^.*\\s/~]+|\\*|\\*\\*)(\\.([^.*\\s/~]+|\\*|\\*\\*))*");
    private static final String ONE = "*";
    private static final String ANY = "**";

    private final String text;
    private final List<String> words;

    private TopicPattern(String text) {
        this.text = text;
        this.words = words(text);
    }

    /** @throws RpcException BAD_SERVICE */
    static String requireTopic(String topic) {
        if (topic.length() > MAX_CHARS || !TOPIC.matcher(topic).matches()) {
            throw new RpcException(
                    RpcCode.BAD_SERVICE,
                    "\"" + cut(topic)
                            + "\" is no topic; use words with dots between them, such as orders.created, of at"
                            + " most " + MAX_CHARS + " characters, without spaces, asterisks, slashes or tildes");
        }
        return topic;
    }

    /** @throws RpcException BAD_SERVICE */
    static TopicPattern of(String pattern) {
        if (pattern.length() > MAX_CHARS || !PATTERN.matcher(pattern).matches()) {
            throw new RpcException(
                    RpcCode.BAD_SERVICE,
                    "\"" + cut(pattern) + "\" is no pattern of topics; use words with dots between them, * for any one"
                            + " word, ** for any number of words");
        }
        return new TopicPattern(pattern);
    }

    private static String cut(String text) {
        return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "…";
    }

    private static List<String> words(String text) {
        return List.of(text.split("\\.", -1));
    }

    boolean matches(String topic) {
        return text.equals(topic) || (text.indexOf('*') >= 0 && matches(0, words(topic), 0));
    }

    private boolean matches(int at, List<String> topic, int from) {
        if (at == words.size()) {
            return from == topic.size();
        }
        String word = words.get(at);
        if (word.equals(ANY)) {
            for (int next = from; next <= topic.size(); next++) {
                if (matches(at + 1, topic, next)) {
                    return true;
                }
            }
            return false;
        }
        return from < topic.size()
                && (word.equals(ONE) || word.equals(topic.get(from)))
                && matches(at + 1, topic, from + 1);
    }

    @Override
    public String toString() {
        return text;
    }
}
