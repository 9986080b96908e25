import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Lucene as a peer to measure against. Called by bench/lucene_peer.py:
 *
 *   analyze LINES ANALYZER REPEATS                seconds of each pass over the texts
 *   index LINES FOLDER ANALYZER THREADS REPEATS   per repeat "seconds TAB cpu seconds", then "memory TAB KIB"
 *   run FOLDER ANALYZER QUERIES LIMIT             per query "qid", then TAB and id for each hit
 *   time FOLDER ANALYZER QUERIES LIMIT REPEATS    per query and repeat "class TAB ms"
 *
 * Lines of QUERIES are "name TAB kind TAB text"; the kinds are those of Asking.question.
 */
final class Peer {
    private static final int WARM_UP = 300;

    private Peer() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        switch (arguments[0]) {
            case "analyze":
                Analysing texts = new Analysing(Path.of(arguments[1]));
                for (int i = 0; i < Integer.parseInt(arguments[3]); i++) out.println(texts.pass(arguments[2]));
                break;
            case "index":
                index(out, arguments);
                break;
            case "run":
                run(out, arguments);
                break;
            case "time":
                time(out, arguments);
                break;
            default:
                throw new IllegalArgumentException("no command " + arguments[0]);
        }
        out.flush();
    }

    private static void index(PrintStream out, String[] a) throws Exception {
        for (int repeat = 0; repeat < Integer.parseInt(a[5]); repeat++) {
            double before = cpuSeconds();
            double seconds = Indexing.build(Path.of(a[1]), Path.of(a[2]), a[3], Integer.parseInt(a[4]));
            out.println(seconds + "\t" + (cpuSeconds() - before));
        }
        out.println("memory\t" + peakMemory());
    }

    private static void run(PrintStream out, String[] a) throws IOException {
        try (Asking asking = new Asking(Path.of(a[1]), a[2])) {
            List<String[]> queries = queries(a[3]);
            for (String[] query : queries) {
                out.print(query[0]);
                for (String id : asking.first(asking.question(query[1], query[2]), Integer.parseInt(a[4]))) {
                    out.print("\t" + id);
                }
                out.println();
            }
        }
    }

    private static void time(PrintStream out, String[] a) throws IOException {
        try (Asking asking = new Asking(Path.of(a[1]), a[2])) {
            List<String[]> queries = queries(a[3]);
            int limit = Integer.parseInt(a[4]);
            warmUp(asking, queries, limit);
            for (int repeat = 0; repeat < Integer.parseInt(a[5]); repeat++) {
                for (String[] query : queries) {
                    long started = System.nanoTime();
                    asking.first(asking.question(query[1], query[2]), limit);
                    out.println(query[0] + "\t" + (System.nanoTime() - started) / 1e6);
                }
            }
        }
        out.println("memory\t" + peakMemory());
    }

    /** The compiler of the JVM needs some hundred queries before its figures mean anything. */
    private static void warmUp(Asking asking, List<String[]> queries, int limit) throws IOException {
        for (int i = 0; i < WARM_UP; i++) {
            String[] query = queries.get(i % queries.size());
            asking.first(asking.question(query[1], query[2]), limit);
        }
    }

    private static List<String[]> queries(String file) throws IOException {
        return Files.readAllLines(Path.of(file)).stream().map(line -> line.split("\t", 3)).toList();
    }

    /** What all threads of this process have worked so far, its compiler's and collector's as well. */
    private static double cpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }

    /** The most memory this process held, in KiB; 0 where the system does not say. */
    private static long peakMemory() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) return 0;
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) return Long.parseLong(line.replaceAll("\\D", ""));
        }
        return 0;
    }
}
