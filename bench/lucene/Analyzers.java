import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.core.DecimalDigitFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.tartarus.snowball.ext.ArabicStemmer;

/** The analyzers that are compared: what Elasticsearch and OpenSearch call "arabic", and Snowball's stemmer in its place. */
final class Analyzers {
    private Analyzers() {}

    static Analyzer named(String name) {
        switch (name) {
            case "arabic":
                return new ArabicAnalyzer();
            case "snowball":
                return snowball();
            default:
                throw new IllegalArgumentException("no analyzer " + name + "; there are: arabic, snowball");
        }
    }

    /** ArabicAnalyzer's chain without its normaliser, which makes Snowball worse: it folds the ta marbuta away first. */
    private static Analyzer snowball() {
        return new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String field) {
                Tokenizer words = new StandardTokenizer();
                TokenStream lower = new DecimalDigitFilter(new LowerCaseFilter(words));
                TokenStream content = new StopFilter(lower, ArabicAnalyzer.getDefaultStopSet());
                return new TokenStreamComponents(words, new SnowballFilter(content, new ArabicStemmer()));
            }
        };
    }
}
