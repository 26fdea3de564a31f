"""This installation's signature (Ed25519), and the check of another's. The key itself is kept by the bot."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_KEY: list[Callable[[], Ed25519PrivateKey]] = []
_RAW = 32


class NoKeyError(RuntimeError):
    """Nobody has said where the key is kept."""


class KeyFormError(ValueError):
    """A public key that is none."""


def use(key: Callable[[], Ed25519PrivateKey]) -> None:
    """Where the key comes from; asked for only when something is signed."""
    _KEY[:] = [key]


def _own() -> Ed25519PrivateKey:
    if not _KEY:
        raise NoKeyError
    return _KEY[0]()


def sign(content: bytes) -> str:
    """The signature, in base64url. Raises NoKeyError."""
    return _text(_own().sign(content))


def public_key() -> str:
    """What the next unit checks the signature with: 43 characters of base64url. Raises NoKeyError."""
    return _text(_own().public_key().public_bytes_raw())


def is_signed(content: bytes, signature: str, key: str) -> bool:
    """Whether the owner of a public key signed exactly this. Raises KeyFormError on a key that is none."""
    try:
        public = Ed25519PublicKey.from_public_bytes(_bytes(key))
    except ValueError as error:
        raise KeyFormError from error
    try:
        public.verify(_bytes(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(key: str) -> str:
    """A public key in 16 characters, for the names of entries."""
    return sha256(_bytes(key)).hexdigest()[:16]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    """Raises ValueError."""
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
