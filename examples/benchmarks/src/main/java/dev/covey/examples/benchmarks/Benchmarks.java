package dev.covey.examples.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the measurements asked for and prints their table. */
public final class Benchmarks {
    private static final List<Rows> ALL = List.of(new PatchRows(), new StoreRows(), new RpcRows());
    private static final String USAGE = "usage: run [--quick] [--rows a,b] [--json FILE]; rows: ";

    private Benchmarks() {}

    /** Arguments as the script {@code run} takes them. */
    public static void main(String[] arguments) throws Exception {
        boolean quick = false;
        List<String> wanted = ALL.stream().map(Rows::name).toList();
        Path json = null;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> quick = true;
                case "--rows" -> wanted = List.of(value(arguments, ++i).split(","));
                case "--json" -> json = Path.of(value(arguments, ++i));
                default -> throw usage(arguments[i]);
            }
        }
        List<Row> rows = new ArrayList<>();
        for (String name : wanted) {
            rows.addAll(named(name).measure(quick));
        }
        rows.forEach(row -> System.out.println(line(row)));
        if (json != null) {
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(json.toFile(), document(rows, quick));
        }
    }

    private static Rows named(String name) {
        return ALL.stream().filter(rows -> rows.name().equals(name)).findFirst().orElseThrow(() -> usage(name));
    }

    private static String value(String[] arguments, int index) {
        if (index == arguments.length) {
            throw usage("the end");
        }
        return arguments[index];
    }

    private static IllegalArgumentException usage(String found) {
        return new IllegalArgumentException(USAGE + ALL.stream().map(Rows::name).toList() + "; found " + found);
    }

    private static String line(Row row) {
        StringBuilder line = new StringBuilder(String.format("%-44s %-22s", row.name(), row.contender()));
        for (Row.Figure figure : row.figures()) {
            line.append(String.format("  %14.3f %-6s", figure.value(), figure.unit()));
        }
        return row.verdict().isEmpty() ? line.toString() : line + "  " + row.verdict();
    }

    private static Map<String, Object> document(List<Row> rows, boolean quick) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("java", System.getProperty("java.vm.version"));
        document.put("cores", Runtime.getRuntime().availableProcessors());
        document.put("quick", quick);
        document.put("rows", rows);
        return document;
    }
}
