package dev.covey.mesh;

import dev.covey.mesh.core.CommandId;
import dev.covey.mesh.protocol.Token;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name by which any member asks what became of a command: {@code <32 hex digits>-<sequence>-<object id>}.
 *
 * @param command who sent it, and as which
 * @param object the object it was about
 */
record OutcomeId(CommandId command, String object) {
    private static final Pattern TEXT =
            Pattern.compile("([0-9a-f]{16})([0-9a-f]{16})-([1-9]\\d{0,17})-(.+)", Pattern.DOTALL);
    private static final int HEXADECIMAL = 16;

    /** Empty for anything that is no such name. */
    static Optional<OutcomeId> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        Token token = new Token(
                Long.parseUnsignedLong(parts.group(1), HEXADECIMAL),
                Long.parseUnsignedLong(parts.group(2), HEXADECIMAL));
        return Optional.of(new OutcomeId(new CommandId(token, Long.parseLong(parts.group(3))), parts.group(4)));
    }

    /** What {@link #parse} reads. */
    String text() {
        return command.token() + "-" + command.sequence() + "-" + object;
    }
}
