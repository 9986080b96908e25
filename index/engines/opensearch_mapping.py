"""What an index on a cluster looks like: its mapping, and how a clause becomes a document of it.

Terms come ready and are parted at single spaces, nothing else. Lucene counts a field's documents without those that
have no term in it, and its BM25 with them; so that every engine reckons with the same number of clauses, a text without
terms holds the one term `NO_TERM`, which no question finds.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from index.clause import BAG_FIELDS, FACET_FIELDS, MISSING, POSITIONAL_FIELDS, TERM_FIELDS, VALUE_FIELDS
from index.engine import Entry
from index.engines.fields import all_values

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Json = dict[str, Any]

NO_TERM = MISSING
LONGEST_TERM = 8_000  # letters; Lucene takes 32,766 bytes
LONGEST_ID = 480  # bytes; OpenSearch takes 512
HASHED = "~"  # before the hash that stands for a longer id
WORD_BYTES = 3  # of a word's number, as in index.store
KEPT = ("row", "words", "table", "long_id")  # what is stored as it came; all else is for finding only


def index_body(shards: int, replicas: int | None, meta: Json) -> Json:
    """Return what creates an index: settings and mapping, with `meta` as its own words about itself.

    Nothing becomes visible before it is asked for (`refresh_interval` -1): a commit does that.
    """
    keeping: Json = {"auto_expand_replicas": "0-1"} if replicas is None else {"number_of_replicas": replicas}
    spaces = {"type": "char_group", "tokenize_on_chars": [" "], "max_token_length": LONGEST_TERM}
    return {
        "settings": {
            "number_of_shards": shards,
            **keeping,
            "refresh_interval": "-1",
            "codec": "best_compression",
            "analysis": {
                "tokenizer": {"spaces": spaces},
                "analyzer": {"spaces": {"type": "custom", "tokenizer": "spaces"}},
            },
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": meta,
            "_source": {"includes": list(KEPT)},
            "properties": {
                **{field: _text("positions") for field in POSITIONAL_FIELDS},
                **{field: _text("freqs") for field in BAG_FIELDS},
                **{field: {"type": "keyword", "eager_global_ordinals": field in FACET_FIELDS}
                   for field in VALUE_FIELDS},
                "date": {"type": "long"},
                "ordinal": {"type": "long"},
                **{field: {"type": "keyword", "doc_values": False, "index": False} for field in KEPT},
            },
        },
    }


def _text(options: str) -> Json:
    return {"type": "text", "analyzer": "spaces", "index_options": options, "fielddata": True}


def document_id(id_: str) -> str:
    """Return the document's own id: the clause's, or for an empty, long or confusing one a hash of it."""
    name = id_.encode("utf-8", "replace")
    if name and len(name) <= LONGEST_ID and not id_.startswith(HASHED):
        return name.decode()
    return HASHED + hashlib.sha256(name).hexdigest()


def document(entry: Entry, ordinal: int, table: str = "") -> Json:
    """Return the document of a clause; `table` names the list that its word numbers belong to."""
    found: Json = {field: cut_terms(entry.terms.get(field, "")) or NO_TERM for field in TERM_FIELDS}
    found |= all_values(entry)
    found["ordinal"] = ordinal
    found["row"] = entry.row.decode()
    if entry.date > 0:
        found["date"] = entry.date
    if len(entry.words):
        found["words"] = pack_words(entry.words)
        found["table"] = table
    if document_id(entry.id) != entry.id:
        found["long_id"] = entry.id
    return found


def cut_terms(terms: str) -> str:
    """Return terms joined by spaces, those cut that are longer than an index takes."""
    if len(terms) <= LONGEST_TERM:
        return terms
    return " ".join(term[:LONGEST_TERM] for term in terms.split(" "))


def pack_words(words: Sequence[int]) -> str:
    """Return word numbers as text, 24 bits each."""
    import numpy as np

    packed = np.asarray(words, "<i4").view(np.uint8).reshape(-1, 4)[:, :WORD_BYTES]
    return base64.b64encode(packed.tobytes()).decode()


def unpack_words(text: str) -> NDArray[np.int32]:
    """Return the word numbers that `pack_words` packed."""
    import numpy as np

    packed = np.frombuffer(base64.b64decode(text), np.uint8).reshape(-1, WORD_BYTES)
    numbers = np.zeros((len(packed), 4), np.uint8)
    numbers[:, :WORD_BYTES] = packed
    return numbers.view("<i4").ravel()
