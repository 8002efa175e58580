package dev.covey.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README is compiled, and every operator's example does what it says. */
final class ReadmeTest {
    private static final Pattern EXAMPLE =
            Pattern.compile("### (.+?)\\n[^#]*?```java\\n(.+?)\\n```\\n`(.+?)` → `(.+?)`", Pattern.DOTALL);
    private static final Pattern OPENING = Pattern.compile("```java\\n(JsonNode .+?)\\n```", Pattern.DOTALL);

    private record Example(String name, String code, String before, String after) {}

    @Test
    void everyExampleDoesWhatItSays(@TempDir Path folder) throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        List<Example> examples = examples(readme);
        assertThat(examples).extracting(Example::name).containsAll(RandomUpdate.OPERATORS);
        Matcher opening = OPENING.matcher(readme);
        assertThat(opening.find()).isTrue();
        List<Patch> patches = compiled(examples, opening.group(1), folder);
        ObjectMapper mapper = new ObjectMapper();
        for (int i = 0; i < examples.size(); i++) {
            Example example = examples.get(i);
            Resolution resolution = patches.get(i)
                    .resolve(FrozenTree.freeze(mapper.readTree(example.before())), ResolveOptions.DEFAULT);
            assertThat(resolution.after().toString()).as(example.name()).isEqualTo(example.after());
        }
    }

    private static List<Example> examples(String readme) {
        List<Example> examples = new ArrayList<>();
        Matcher matcher = EXAMPLE.matcher(readme);
        while (matcher.find()) {
            examples.add(new Example(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4)));
        }
        return examples;
    }

    @SuppressWarnings("unchecked")
    private static List<Patch> compiled(List<Example> examples, String opening, Path folder) throws Exception {
        StringBuilder source = new StringBuilder("""
                import com.fasterxml.jackson.databind.*;
                import dev.covey.patch.*;
                import java.nio.ByteBuffer;
                import java.util.*;
                public final class Readme implements java.util.function.Supplier<List<Patch>> {
                    static void opening() throws Exception {
                """);
        source.append(opening).append("\n}\npublic List<Patch> get() { return List.of(\n");
        source.append(String.join(",\n", examples.stream().map(Example::code).toList()));
        source.append("\n); } }");
        compile(folder, source.toString());
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, ReadmeTest.class.getClassLoader())) {
            return ((Supplier<List<Patch>>)
                            loader.loadClass("Readme").getDeclaredConstructor().newInstance())
                    .get();
        }
    }

    private static void compile(Path folder, String source) throws IOException {
        Path file = Files.writeString(folder.resolve("Readme.java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        boolean compiled = compiler.getTask(
                        complaints,
                        null,
                        null,
                        List.of("-cp", System.getProperty("java.class.path"), "-d", folder.toString()),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(file))
                .call();
        assertThat(compiled).as(complaints.toString()).isTrue();
    }
}
