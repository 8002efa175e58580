package dev.covey.examples.tour.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The project's README as its tests read it. */
final class Readme {
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern STREET = Pattern.compile("(?m)^\\| (\\d+) \\| [^|]* \\| ([^|]*) \\| [^|]* \\|$");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    /** A step of the street and the classes that take it. */
    record Step(int number, List<String> classes) {}

    private Readme() {}

    /** Maven runs the tests in the module's folder. */
    static Path root() {
        return Path.of("").toAbsolutePath().resolve("../..").normalize();
    }

    static String text() throws IOException {
        return Files.readString(root().resolve("README.md"));
    }

    static List<String> javaBlocks() throws IOException {
        return JAVA.matcher(text()).results().map(match -> match.group(1)).toList();
    }

    static List<Step> street() throws IOException {
        return STREET.matcher(text())
                .results()
                .map(row -> new Step(Integer.parseInt(row.group(1)), names(row)))
                .toList();
    }

    private static List<String> names(MatchResult row) {
        return NAME.matcher(row.group(2)).results().map(name -> name.group(1)).toList();
    }
}
