"""The key this installation signs histories with: in a setting, else in a file that its owner alone reads."""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from bot.secret_files import others_may_read
from bot.settings import Settings
from handlers.portable.signing import NoKeyError


def signing_key(settings: Settings) -> Ed25519PrivateKey:
    """The key, made when there is none yet. Raises NoKeyError with the mend."""
    if settings.signing_key is not None:
        return _of_text(settings.signing_key.get_secret_value())
    path = settings.signing_key_file
    try:
        return _read(path) if path.exists() else _made(path)
    except FileExistsError:  # another process made it this very moment
        return _read(path)
    except OSError as error:
        raise NoKeyError(f"HANDLEDD_SIGNING_KEY_FILE: {path}: {error.strerror}") from error


def _of_text(text: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError as error:
        raise NoKeyError("HANDLEDD_SIGNING_KEY is 32 bytes in base64url") from error


def _read(path: Path) -> Ed25519PrivateKey:
    if others_may_read(path):
        raise NoKeyError(f"{path} can be read by others: chmod 600 {path}")
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except ValueError as error:
        raise NoKeyError(f"{path} holds no key: put it back from a backup") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKeyError(f"{path} holds another kind of key than Ed25519")
    return key


def _made(path: Path) -> Ed25519PrivateKey:
    """Written once, whole, and never over another: whoever checks an old file needs the old key."""
    key = Ed25519PrivateKey.generate()
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError:  # a full disk: an empty file would be taken for the key from now on
        path.unlink()
        raise
    return key
