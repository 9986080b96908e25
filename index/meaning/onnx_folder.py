"""Any sentence encoder in a folder of the user's: an ONNX model with its tokenizer, by onnxruntime and tokenizers.

The folder is as Hugging Face lays it out: `model.onnx` (or one `.onnx` file, there or in `onnx/`), `tokenizer.json`,
and where they are there `config.json`, `1_Pooling/config.json`, `config_sentence_transformers.json`. What a family of
models wants before queries and clauses is read from the last, else from FAMILIES by the model's name.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.engine import IndexProblem
from index.meaning.encoder import WINDOW, fingerprint, joined
from index.meaning.prepared import windows

if TYPE_CHECKING:
    from index.meaning.model_file import Floats

INSTALL = "pip install 'kashshaf[meaning-onnx]'"
AT_ONCE = 16  # texts in one run of the model
UNBOUNDED = 1 << 20  # a tokenizer without a limit states one beyond this


@dataclass(frozen=True, slots=True)
class Family:
    """What models of a family want: text before a query, text before a clause, how pieces make one vector."""

    name: str  # part of the model's name, lower case
    query: str
    clause: str
    pooling: str  # "mean" over the pieces, or "first"
    source: str


FAMILIES = (
    Family("e5", "query: ", "passage: ", "mean", "model cards of intfloat/e5 and intfloat/multilingual-e5"),
    Family("arctic-embed", "query: ", "", "first", "model cards of Snowflake/snowflake-arctic-embed"),
    Family("nomic", "search_query: ", "search_document: ", "mean", "model card of nomic-ai/nomic-embed-text"),
    Family("bge", "", "", "first", "model cards of BAAI/bge-m3 (no prefix) and BAAI/bge"),
    Family("gte", "", "", "first", "model card of Alibaba-NLP/gte-multilingual-base"),
    Family("", "", "", "mean", "Sentence-Transformers: the mean over all pieces unless a file says otherwise"),
)


class OnnxEncoder:
    """The encoder in a folder. Raises `IndexProblem` with a sentence where it cannot be opened."""

    def __init__(self, folder: Path) -> None:
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as problem:
            raise IndexProblem(
                f"An encoder in a folder needs the package {problem.name}, which is not installed: {INSTALL}"
            ) from None
        model = _model(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # several processes instead of threads
        options.log_severity_level = 3
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        except Exception as problem:  # both libraries raise kinds of their own for damaged files
            raise IndexProblem(f"The encoder in {folder} cannot be opened ({_short(problem)}).") from None
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._lock = threading.Lock()  # a tokenizer may be asked by one thread at a time
        self.source = str(folder.resolve())
        settings = _settings(folder)
        self.name = str(settings["name"])
        self._query, self._clause, self._pooling = settings["query"], settings["clause"], settings["pooling"]
        self._longest = max(8, int(settings["longest"]) - 2)
        self._window = min(self._longest, WINDOW)
        self._inputs = {given.name for given in self._session.get_inputs()}
        with open(model, "rb") as file:
            digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
        rules = [(folder / "tokenizer.json").read_bytes(), repr(sorted(settings.items())).encode()]
        digest += hashlib.blake2b(b"\0".join(rules), digest_size=16).hexdigest()
        self.fingerprint = fingerprint(digest, self._window)
        self.dimension = int(self._vectors([self._query + "1"]).shape[1])

    def queries(self, texts: Sequence[str]) -> Floats:
        """Return [texts, dimension] float32; a query longer than the model reads is cut."""
        return self._vectors([self._query + self._cut(text, self._longest)[0][0] for text in texts])

    def clauses(self, texts: Sequence[str]) -> Floats:
        """Return [texts, dimension] float32."""
        parts = [self._cut(text, self._window) for text in texts]
        flat = [self._clause + part for text in parts for part, _ in text]
        return joined(self._vectors(flat), [[size for _, size in text] for text in parts])

    def tokens(self, texts: Sequence[str]) -> int:
        """Return how many pieces of words the texts have."""
        return sum(size for text in texts for _, size in self._cut(text, self._window))

    def _cut(self, text: str, size: int) -> list[tuple[str, int]]:
        """Return the windows of a text, each with its number of pieces."""
        with self._lock:
            pieces = self._tokenizer.encode(text, add_special_tokens=False).offsets
        size -= self._prefix_size()
        if len(pieces) <= size:
            return [(text, len(pieces))]
        return [(text[part[0][0] : part[-1][1]], len(part)) for part in windows(pieces, size)]

    def _prefix_size(self) -> int:
        with self._lock:
            both = [len(self._tokenizer.encode(text, add_special_tokens=False)) for text in (self._query, self._clause)]
        return max(both)

    def _vectors(self, texts: Sequence[str]) -> Floats:
        import numpy as np

        found = []
        for start in range(0, len(texts), AT_ONCE):
            with self._lock:
                rows = [self._tokenizer.encode(text).ids for text in texts[start : start + AT_ONCE]]
            width = max(1, *(len(row) for row in rows))
            ids = np.zeros((len(rows), width), np.int64)
            mask = np.zeros_like(ids)
            for place, row in enumerate(rows):
                ids[place, : len(row)], mask[place, : len(row)] = row, 1
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            try:
                out = self._session.run(None, {name: given[name] for name in self._inputs})[0]
            except Exception as problem:  # onnxruntime raises kinds of its own
                raise IndexProblem(f"The encoder in {self.source} does not run ({_short(problem)}).") from None
            found.append(out if out.ndim == 2 else self._pooled(out, mask))
        vectors: Floats = np.concatenate(found).astype(np.float32)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors

    def _pooled(self, pieces: Any, mask: Any) -> Any:
        if self._pooling == "first":
            return pieces[:, 0]
        return (pieces * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True).clip(1)


def _model(folder: Path) -> Path:
    """Return the one ONNX file of a folder."""
    if not folder.is_dir():
        raise IndexProblem(f"There is no folder {folder}. Name one that holds model.onnx and tokenizer.json.")
    if not (folder / "tokenizer.json").is_file():
        raise IndexProblem(f"The folder {folder} holds no tokenizer.json. Export the model with its tokenizer.")
    for place in (folder / "model.onnx", folder / "onnx" / "model.onnx"):
        if place.is_file():
            return place
    found = sorted([*folder.glob("*.onnx"), *folder.glob("onnx/*.onnx")])
    if len(found) == 1:
        return found[0]
    what = "no .onnx file" if not found else f"{len(found)} .onnx files and none called model.onnx"
    raise IndexProblem(f"The folder {folder} holds {what}. Keep one, called model.onnx.")


def _settings(folder: Path) -> dict[str, Any]:
    """Return name, prefixes, pooling and longest input, from the folder's own files or the table of families."""
    config = _json(folder / "config.json")
    name = str(config.get("_name_or_path") or folder.resolve().name)
    family = next(row for row in FAMILIES if row.name in name.lower() or row.name in folder.resolve().name.lower())
    prompts = _json(folder / "config_sentence_transformers.json").get("prompts") or {}
    pooling = family.pooling
    if stated := _json(folder / "1_Pooling" / "config.json"):
        pooling = "first" if stated.get("pooling_mode_cls_token") else "mean"
    limits = (_json(folder / "tokenizer_config.json").get("model_max_length"), config.get("max_position_embeddings"))
    longest = min((int(limit) for limit in limits if limit and float(limit) < UNBOUNDED), default=512)
    return {
        "name": name,
        "query": prompts.get("query", family.query),
        "clause": prompts.get("passage", prompts.get("document", family.clause)),
        "pooling": pooling,
        "longest": longest,
    }


def _json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _short(problem: Exception) -> str:
    return " ".join(str(problem).split())[:200]
