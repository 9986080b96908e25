"""A sentence encoder of 8 numbers, made here: each group of words of one meaning has a direction of its own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

GROUPS = (
    "الطفل حماية الصغار والأيتام الأيتام children enfants",
    "الطرق والجسور الجسور تمويل السكك والسكك والمعابر إنشاء roads",
    "الجراد مكافحة locusts",
    "يدعو إلى يرعى query passage :",
    "zzz",
)
DIMENSION = 8


def write_encoder(folder: Path) -> Path:
    """Write `model.onnx`, `tokenizer.json` and `config.json` into `folder` and return it."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    folder.mkdir(parents=True)
    words = ["[UNK]", *dict.fromkeys(word for group in GROUPS for word in group.split())]
    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.zeros((len(words), DIMENSION), np.float32)
    for number, word in enumerate(words):
        for group, names in enumerate(GROUPS):
            if word in names.split():
                table[number, min(group, 3)] = 1 if group < 3 else 0.05
                table[number, 4 + number % 4] += 0.05  # so that no two words are quite the same
    table[0, 3] = 0.05
    table[words.index("zzz"), :3] = -1  # far from everything
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"], axis=0)],
        "tiny",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "pieces"])],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["texts", "pieces", DIMENSION])],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.save(model, str(folder / "model.onnx"))
    (folder / "config.json").write_text(json.dumps({"_name_or_path": "tiny-e5", "max_position_embeddings": 64}))
    return folder
