package dev.covey.store;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Where an object's files are, and nowhere else. All names are ASCII, none depends on upper or lower case, none is
 * reserved anywhere.
 *
 * <pre>
 *  objects/visits/17-2351d3253f494398acb7b6c1f3ae293d          an id of small letters, digits, '-', '_' is its directory
 *  objects/_Al-ce…-&lt;32 hex&gt;/                                   any other: what is legible of it, and a hash
 *  objects/visits/a/07/742-…                                   revisions 100 to 9,999: hundreds in two digits
 *  objects/visits/b/12/34/123456-…                             up to 999,999; c, d … go on
 * </pre>
 *
 * No directory holds more than about a hundred revisions, so the newest is found by listing a few short directories
 * however long the history is.
 */
final class ObjectNames {
    /** An id has at least one and at most so many bytes of UTF-8. */
    static final int MAX_ID_BYTES = 512;

    static final String OBJECTS = "objects";
    static final String LOCKS = ".locks";
    /** The claim of a mesh on the store: who lives in that mesh holds its first byte locked. */
    static final String MESH_CLAIM = ".mesh";

    static final int REVISIONS_PER_GROUP = 100;
    static final int GROUPS_PER_LEVEL = 100;
    /** Enough letters for any revision number that {@link Rev} reads. */
    static final int DEEPEST = 7;

    private static final Pattern PLAIN = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    private static final Pattern RESERVED = Pattern.compile("con|prn|aux|nul|(com|lpt)[0-9]");
    private static final int LEGIBLE = 24;
    private static final AtomicLong TOKENS = new AtomicLong(System.nanoTime());

    private ObjectNames() {}

    /** The directory's name; refuses an id that is empty, too long or not text. */
    static String directory(String id) {
        byte[] utf8 = checked(id);
        if (isPlain(id)) {
            return id;
        }
        String start = id.substring(0, Math.min(id.length(), LEGIBLE)).toLowerCase(Locale.ROOT);
        return "_" + start.replaceAll("[^a-z0-9]", "-") + "-" + RevDigest.ofText(utf8);
    }

    /** Whether an id is its directory's name. */
    static boolean isPlain(String id) {
        return PLAIN.matcher(id).matches() && !RESERVED.matcher(id).matches();
    }

    private static byte[] checked(String id) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(id));
            if (encoded.remaining() < 1 || encoded.remaining() > MAX_ID_BYTES) {
                throw new StoreException(
                        StoreCode.BAD_NAME,
                        "object id of " + encoded.remaining() + " bytes; an id has 1 to " + MAX_ID_BYTES
                                + " bytes of UTF-8");
            }
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new StoreException(StoreCode.BAD_NAME, "object id is not text: it holds half a surrogate pair", e);
        }
    }

    /** The directory of a revision's file, inside the object's. */
    static Path group(Path object, long revision) {
        long group = revision / REVISIONS_PER_GROUP;
        if (group == 0) {
            return object;
        }
        int depth = depthOf(group);
        Path path = object.resolve(letter(depth));
        for (int level = depth - 1; level >= 0; level--) {
            path = path.resolve(twoDigits(group / groupsBelow(level) % GROUPS_PER_LEVEL));
        }
        return path;
    }

    private static int depthOf(long group) {
        int depth = 1;
        while (groupsBelow(depth) <= group) {
            depth++;
        }
        return depth;
    }

    /** How many groups lie below one directory that has so many levels under it. */
    static long groupsBelow(int levels) {
        long groups = 1;
        for (int i = 0; i < levels; i++) {
            groups *= GROUPS_PER_LEVEL;
        }
        return groups;
    }

    static String letter(int depth) {
        return String.valueOf((char) ('a' + depth - 1));
    }

    /** How many levels are below a letter; 0 if the name is none. */
    static int depthOfLetter(String name) {
        int depth = name.length() == 1 ? name.charAt(0) - 'a' + 1 : 0;
        return depth >= 1 && depth <= DEEPEST ? depth : 0;
    }

    private static String twoDigits(long number) {
        return (number < 10 ? "0" : "") + number;
    }

    /** The number, or -1 if the name is not two digits. */
    static int asTwoDigits(String name) {
        boolean digits = name.length() == 2
                && Character.digit(name.charAt(0), 10) >= 0
                && Character.digit(name.charAt(1), 10) >= 0;
        return digits ? Integer.parseInt(name) : -1;
    }

    /** A name that readers pass over, unlike any other of this machine. */
    static String unpublished() {
        return ".new-" + token();
    }

    /** Unlike any other of this machine. */
    static String token() {
        return ProcessHandle.current().pid() + "-" + Long.toHexString(TOKENS.getAndIncrement());
    }

    static boolean isUnpublished(String name) {
        return name.startsWith(".new-");
    }
}
