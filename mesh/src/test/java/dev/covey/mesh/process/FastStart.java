package dev.covey.mesh.process;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;

/**
 * What makes a {@link Puppet}'s JVM start in half the time: an archive of the classes it needs, loaded and verified once by a
 * first puppet (class data sharing, which takes jars only). The tests start more than a hundred of them.
 */
final class FastStart {
    private static final long PATIENCE_SECONDS = 60;
    private static final List<String> JVM = List.of(
            "-Xmx96m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xlog:disable",
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");
    private static final FastStart INSTANCE = new FastStart();

    private final String classPath;
    private final Path archive;

    private FastStart() {
        try {
            Path home = Files.createTempDirectory("covey-start");
            home.toFile().deleteOnExit();
            archive = home.resolve("puppet.jsa");
            classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(Path::of)
                    .map(entry -> Files.isDirectory(entry) ? jar(home, entry) : entry)
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
            rehearse(home);
            archive.toFile().deleteOnExit();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The beginning of a command: everything up to the main class. */
    static List<String> command() {
        return INSTANCE.command("-XX:SharedArchiveFile=" + INSTANCE.archive);
    }

    private List<String> command(String flag) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.add(flag);
        command.addAll(JVM);
        command.addAll(List.of("-cp", classPath));
        return command;
    }

    private static Path jar(Path home, Path directory) {
        try (var files = Files.walk(directory)) {
            Path jar = Files.createTempFile(home, "classes", ".jar");
            jar.toFile().deleteOnExit();
            try (OutputStream out = Files.newOutputStream(jar);
                    JarOutputStream entries = new JarOutputStream(out)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    entries.putNextEntry(new JarEntry(directory.relativize(file).toString()));
                    Files.copy(file, entries);
                }
            }
            return jar;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Without an archive at the end the puppets start more slowly, that is all. */
    private void rehearse(Path home) throws IOException {
        List<String> command = command("-XX:ArchiveClassesAtExit=" + archive);
        Path meshes = home.resolve("meshes");
        command.addAll(List.of(Puppet.class.getName(), "rehearsal", "first", meshes.toString(), "-"));
        Process first = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (OutputStream in = first.getOutputStream()) {
            in.write("join\ninc things /n 100\nclose\n".getBytes(StandardCharsets.UTF_8));
        }
        try {
            if (!first.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                first.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        SmallDisk.run("rm", "-rf", meshes.toString());
    }
}
