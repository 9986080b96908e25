"""Numbers of word pieces → one vector a text: the forward pass of a BERT encoder, in NumPy.

The matrices are unpacked to float32 once (85 MB for 12 layers of width 384) and multiplied by NumPy's BLAS, which on
the same core is three times as fast as the C program the model's package brings, and as exact as the weights are. The
table of pieces stays packed in the mapped file, its rows are unpacked as texts name them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.meaning.model_file import Floats, ModelFile, unpacked

TOKENS_AT_ONCE = 1_024  # of a batch, padding counted: what its inner layer takes stays in the processor's cache
_TANH_A, _TANH_B = np.float32(0.7978845608), np.float32(0.044715)  # GELU by tanh (Hendrycks and Gimpel 2016)
_HIDDEN = np.float32(-1e9)


@dataclass(frozen=True, slots=True)
class _Layer:
    """The weights of one layer; matrices are [inputs, outputs]."""

    attention: Floats  # query, key and value side by side, the query divided by the root of a head's width
    attention_bias: Floats
    out: Floats
    out_bias: Floats
    norm: tuple[Floats, Floats]
    widen: Floats
    widen_bias: Floats
    narrow: Floats  # with the ½ of GELU in it
    narrow_bias: Floats
    last_norm: tuple[Floats, Floats]


class Transformer:
    """A BERT encoder whose vectors are the mean over a text's pieces, of length 1."""

    def __init__(self, model: ModelFile) -> None:
        self.width, self.heads, self.epsilon = model.width, model.heads, np.float32(model.epsilon)
        self.longest = model.positions - 2
        self._begin, self._end = model.begin, model.end
        self._pieces = model.blocks("emb.word")
        self._places = model.floats("emb.pos").reshape(-1, model.width) + model.floats("emb.type")[: model.width]
        self._norm = (model.floats("emb.ln.w"), model.floats("emb.ln.b"))
        self._layers = [self._layer(model, f"l{number}.") for number in range(model.layers)]

    @staticmethod
    def _layer(model: ModelFile, name: str) -> _Layer:
        width = model.width
        less = np.float32((width // model.heads) ** -0.5)
        return _Layer(
            np.concatenate(
                [model.matrix(f"{name}q.w", width) * less, *(model.matrix(f"{name}{x}.w", width) for x in "kv")], axis=1
            ),
            np.concatenate([model.floats(f"{name}q.b") * less, *(model.floats(f"{name}{x}.b") for x in "kv")]),
            model.matrix(f"{name}ao.w", width),
            model.floats(f"{name}ao.b"),
            (model.floats(f"{name}aln.w"), model.floats(f"{name}aln.b")),
            model.matrix(f"{name}fi.w", model.inner),
            model.floats(f"{name}fi.b"),
            model.matrix(f"{name}fo.w", width) * np.float32(0.5),
            model.floats(f"{name}fo.b"),
            (model.floats(f"{name}oln.w"), model.floats(f"{name}oln.b")),
        )

    def vectors(self, texts: Sequence[Sequence[int]]) -> Floats:
        """Return [texts, width] float32 of length 1, for the pieces of each text (at most `longest` of them)."""
        found = np.empty((len(texts), self.width), np.float32)
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]), reverse=True)
        while order:  # texts of like lengths together, so that little is padding
            size = max(1, TOKENS_AT_ONCE // (len(texts[order[0]]) + 2))
            batch, order = order[:size], order[size:]
            found[batch] = self._batch([texts[number] for number in batch])
        found /= np.sqrt(np.einsum("ij,ij->i", found, found))[:, None]
        return found

    def _batch(self, texts: Sequence[Sequence[int]]) -> Floats:
        """The means of one batch; its first text is the longest."""
        lengths = np.array([len(text) + 2 for text in texts])
        most = int(lengths[0])
        numbers = np.zeros((len(texts), most), np.int64)
        for row, text in zip(numbers, texts, strict=True):
            row[: len(text) + 2] = (self._begin, *text, self._end)
        inside = np.arange(most) < lengths[:, None]
        names, at = np.unique(numbers, return_inverse=True)
        x = unpacked(self._pieces[names])[at.ravel()].reshape(len(texts), most, self.width)
        x += self._places[:most]
        flat = x.reshape(-1, self.width)
        self._normalise(flat, self._norm)
        hidden = None if inside.all() else np.where(inside, np.float32(0), _HIDDEN)[:, None, None, :]
        for layer in self._layers:
            self._pass(flat, layer, hidden, (len(texts), most))
        x[~inside] = 0
        means: Floats = x.sum(axis=1) / lengths[:, None].astype(np.float32)
        return means

    def _pass(self, x: Floats, layer: _Layer, hidden: Floats | None, shape: tuple[int, int]) -> None:
        """One layer, in place."""
        mixed = x @ layer.attention
        mixed += layer.attention_bias
        query, key, value = mixed.reshape(*shape, 3, self.heads, -1).transpose(2, 0, 3, 1, 4)
        weights = query @ key.transpose(0, 1, 3, 2)
        if hidden is not None:
            weights += hidden
        weights -= weights.max(axis=-1, keepdims=True)
        np.exp(weights, out=weights)
        seen = weights @ value
        seen /= weights.sum(axis=-1, keepdims=True)
        x += seen.transpose(0, 2, 1, 3).reshape(len(x), -1) @ layer.out
        x += layer.out_bias
        self._normalise(x, layer.norm)
        wide = x @ layer.widen
        wide += layer.widen_bias
        _gelu(wide)
        x += wide @ layer.narrow
        x += layer.narrow_bias
        self._normalise(x, layer.last_norm)

    def _normalise(self, x: Floats, weights: tuple[Floats, Floats]) -> None:
        x -= x.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", x, x) / np.float32(self.width)
        x *= (1 / np.sqrt(spread + self.epsilon))[:, None]
        x *= weights[0]
        x += weights[1]


def _gelu(x: Floats) -> None:
    """Twice the GELU of x, in place."""
    inner = x * x
    inner *= _TANH_A * _TANH_B
    inner += _TANH_A
    inner *= x
    np.tanh(inner, out=inner)
    inner += 1
    x *= inner
