import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.QueryBuilder;

/** An open index, asked: the first hits with their stored documents, matches counted exactly. */
final class Asking implements AutoCloseable {
    private final Directory directory;
    private final DirectoryReader reader;
    private final IndexSearcher searcher;
    private final QueryBuilder builder;

    Asking(Path folder, String analyzer) throws IOException {
        directory = FSDirectory.open(folder);
        reader = DirectoryReader.open(directory);
        searcher = new IndexSearcher(reader);
        searcher.setSimilarity(new BM25Similarity(1.2f, 0.75f));
        searcher.setQueryCache(null); // a repeated query must be worked for
        Analyzer rules = Analyzers.named(analyzer);
        builder = new QueryBuilder(rules);
    }

    /** Returns the ids of the first hits, best first; every stored field is read, as a page needs it. */
    String[] first(Query query, int limit) throws IOException {
        TopScoreDocCollector collector = TopScoreDocCollector.create(limit, Integer.MAX_VALUE);
        searcher.search(query, collector);
        ScoreDoc[] hits = collector.topDocs().scoreDocs;
        StoredFields stored = searcher.storedFields();
        String[] found = new String[hits.length];
        for (int i = 0; i < hits.length; i++) {
            Document document = stored.document(hits[i].doc);
            found[i] = document.get("id");
        }
        return found;
    }

    /** Returns the question of a kind: any, all, phrase, prefix, or session (any of the words in the session before the bar). */
    Query question(String kind, String text) {
        switch (kind) {
            case "all":
                return or(builder.createBooleanQuery("text", text, BooleanClause.Occur.MUST));
            case "phrase":
                return or(builder.createPhraseQuery("text", text));
            case "prefix":
                return new PrefixQuery(new Term("text", text));
            case "session":
                int bar = text.indexOf('|');
                return new BooleanQuery.Builder()
                        .add(question("any", text.substring(bar + 1)), BooleanClause.Occur.MUST)
                        .add(new TermQuery(new Term("session", text.substring(0, bar))), BooleanClause.Occur.FILTER)
                        .build();
            default:
                return or(builder.createBooleanQuery("text", text, BooleanClause.Occur.SHOULD));
        }
    }

    private static Query or(Query query) {
        return query == null ? new MatchNoDocsQuery("only stop words") : query;
    }

    @Override
    public void close() throws IOException {
        reader.close();
        directory.close();
    }
}
