package dev.covey.rpc;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What services are called: words with dots between them. */
final class Names {
    private static final Pattern NAME = Pattern.compile("[\\p{Alnum}_$-]+(\\.[\\p{Alnum}_$-]+)*");

    private Names() {}

    /** Refuses what is no name. */
    static String require(String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length > RpcMessage.MAX_NAME_BYTES
                || !NAME.matcher(name).matches()) {
            throw new RpcException(
                    RpcCode.BAD_SERVICE,
                    "\"" + (name.length() > 64 ? name.substring(0, 64) + "…" : name)
                            + "\" is no name of a service; use letters, digits, _, - and $, with dots between words, at most "
                            + RpcMessage.MAX_NAME_BYTES + " bytes");
        }
        return name;
    }
}
