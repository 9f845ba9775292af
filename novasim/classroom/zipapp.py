"""
novasim in one file, for students: `python3 novasim.pyz COMMAND`. It is built from the installed package.

It contains novasim and the packages that it needs, but no compiled modules, so that it runs with any Python from 3.10.
orjson is compiled: without it, novasim reads and writes large files with json. At its first use the file unpacks
itself into the user's cache, because Python imports from an archive slowly and compiles every module each time. (shiv,
which builds the file of `make zipapp`, is not installed with novasim, and keeps compiled modules.)
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import novasim

SHEBANG = b"#!/usr/bin/env python3\n"
TIME = (2026, 1, 1, 0, 0, 0)  # of all files, so that the same content is the same archive
NEEDED = ("click", "platformdirs", "rich", "tinydb")
COMPILED = (".so", ".pyd", ".dylib")
LEFT_OUT = re.compile(
    r"\.pyc$|\.so$|(^|/)__pycache__/|^\.\.|(^|/)[^/]+\.dist-info/(?!METADATA$|licenses/)|^novasim/.*\.png$"
)

MAIN = '''\
"""Unpacks novasim into the user's cache at its first use, and runs it."""

import os
import shutil
import sys
import tempfile
import zipfile

DIGEST = "{digest}"

if sys.version_info < (3, 10):
    sys.exit("novasim needs Python 3.10 or newer; this is Python " + sys.version.split()[0] + ".")


def find_cache():
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\\\AppData\\\\Local")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "novasim", "pyz-" + DIGEST)


def unpack(archive):
    """The folder with the modules; the archive itself if it cannot be unpacked."""
    target = find_cache()
    if os.path.isdir(target):
        return target
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        folder = tempfile.mkdtemp(dir=os.path.dirname(target))
        try:
            with zipfile.ZipFile(archive) as file:
                file.extractall(folder)
            os.rename(folder, target)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        pass
    return target if os.path.isdir(target) else archive


archive = os.path.abspath(sys.argv[0])
sys.path[0] = unpack(archive)
sys.argv[0] = archive

from novasim.__main__ import main

main()
'''


@lru_cache(maxsize=1)
def build_zipapp() -> bytes:
    """
    The content of novasim.pyz.

    Raises:
        PackageNotFoundError: a package that novasim needs is not installed.
    """
    files = dict(_list_files())
    digest = sha256(b"".join(name.encode() + b"\0" + content for name, content in sorted(files.items()))).hexdigest()
    files["__main__.py"] = MAIN.format(digest=digest[:16]).encode()
    target = io.BytesIO(SHEBANG)
    target.seek(0, io.SEEK_END)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, TIME), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _list_files() -> Iterator[tuple[str, bytes]]:
    """The names and contents of all files."""
    folder = Path(novasim.__file__).parent
    for path in folder.rglob("*"):
        name = path.relative_to(folder.parent).as_posix()
        if path.is_file() and not LEFT_OUT.search(name):
            yield name, path.read_bytes()
    for package in _list_packages():
        for file in package.files or ():
            if not LEFT_OUT.search(file.as_posix()):
                yield file.as_posix(), Path(str(file.locate())).read_bytes()


def _list_packages() -> Iterator[Distribution]:
    """The packages that novasim needs, and those that they need, if they have no compiled modules."""
    names, found = list(NEEDED), dict[str, Distribution]()
    while names:
        name = names.pop().lower()
        if name in found:
            continue
        try:
            package = found[name] = distribution(name)
        except PackageNotFoundError:
            if name in NEEDED:
                raise
            continue  # for another version of Python or another system
        names += [_find_name(each) for each in package.requires or () if "extra ==" not in each]
    for package in found.values():
        if not any(file.suffix in COMPILED for file in package.files or ()):
            yield package


def _find_name(requirement: str) -> str:
    match = re.match(r"[\w.-]+", requirement)
    return match[0] if match else ""
