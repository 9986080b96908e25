import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/** Analyses texts that are in memory already, with one thread, and does nothing with the terms. */
final class Analysing {
    private final List<String> texts;
    private long letters; // of all terms, so that no compiler leaves the work out

    Analysing(Path lines) throws IOException {
        texts = Files.readAllLines(lines, StandardCharsets.UTF_8).stream()
                .map(line -> line.substring(line.lastIndexOf('\t') + 1)).toList();
    }

    /** Returns the seconds that one pass over all texts takes. */
    double pass(String analyzer) throws IOException {
        long started = System.nanoTime();
        try (Analyzer rules = Analyzers.named(analyzer)) {
            for (String text : texts) {
                try (TokenStream stream = rules.tokenStream("text", text)) {
                    CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
                    stream.reset();
                    while (stream.incrementToken()) letters += term.length();
                    stream.end();
                }
            }
        }
        return (System.nanoTime() - started) / 1e9;
    }
}
