package dev.covey.examples.benchmarks;

import java.nio.file.Path;

/** The other JVM: sends back what it gets, until its standard input ends. */
final class EchoServer {
    private EchoServer() {}

    /** Arguments: the contender, and a directory of the measurement's own. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        AutoCloseable serving = switch (arguments[0]) {
            case RawEcho.NAME -> RawEcho.serve(directory, false);
            case RawEcho.SPINNING -> RawEcho.serve(directory, true);
            case CoveyEcho.NAME -> CoveyEcho.serve(directory, false, true);
            case CoveyEcho.SPINNING -> CoveyEcho.serve(directory, true, true);
            case CoveyEcho.HANDED_OVER -> CoveyEcho.serve(directory, true, false);
            case GrpcEcho.NAME -> GrpcEcho.serve(directory);
            case JgroupsEcho.NAME -> JgroupsEcho.serve(directory);
            default -> throw new IllegalArgumentException("no contender is called " + arguments[0]);
        };
        System.out.println("up");
        int ended = System.in.read();
        serving.close();
        Runtime.getRuntime().halt(ended < 0 ? 0 : 1);
    }
}
