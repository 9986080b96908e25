import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/** Builds an index from lines "id TAB session TAB theme TAB text". */
final class Indexing {
    private static final int BATCH = 500;

    private Indexing() {}

    /** Returns the seconds from opening the file of lines to the committed index. */
    static double build(Path lines, Path folder, String analyzer, int threads)
            throws IOException, InterruptedException, ExecutionException {
        long started = System.nanoTime();
        IndexWriterConfig config = new IndexWriterConfig(Analyzers.named(analyzer));
        config.setSimilarity(new BM25Similarity(1.2f, 0.75f));
        config.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
        config.setRAMBufferSizeMB(128);
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try (Directory directory = FSDirectory.open(folder);
                IndexWriter writer = new IndexWriter(directory, config);
                BufferedReader reader = Files.newBufferedReader(lines, StandardCharsets.UTF_8)) {
            List<Future<?>> pending = new ArrayList<>();
            List<String> batch = new ArrayList<>(BATCH);
            String line;
            while ((line = reader.readLine()) != null) {
                batch.add(line);
                if (batch.size() == BATCH) {
                    pending.add(feed(workers, writer, batch));
                    batch = new ArrayList<>(BATCH);
                    if (pending.size() >= 4 * threads) pending.remove(0).get();
                }
            }
            pending.add(feed(workers, writer, batch));
            for (Future<?> task : pending) task.get();
            writer.commit();
        } finally {
            workers.shutdown();
        }
        return (System.nanoTime() - started) / 1e9;
    }

    private static Future<?> feed(ExecutorService workers, IndexWriter writer, List<String> batch) {
        return workers.submit(() -> {
            for (String line : batch) writer.addDocument(document(line));
            return null;
        });
    }

    private static Document document(String line) {
        String[] parts = line.split("\t", 4);
        Document document = new Document();
        document.add(new StringField("id", parts[0], Field.Store.YES));
        document.add(new StringField("session", parts[1], Field.Store.YES));
        document.add(new StringField("theme", parts[2], Field.Store.YES));
        document.add(new TextField("text", parts[3], Field.Store.NO));
        document.add(new StoredField("text", parts[3]));
        return document;
    }
}
