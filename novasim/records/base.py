"""What all records share: a table name, an id, and fields kept as plain JSON values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: object):
        """Only type checkers need the real one, and it is younger than Python 3.10."""
        return lambda cls: cls


@dataclass_transform(kw_only_default=True)
class _Typed:
    """Lets type checkers know the constructors of records; the decorated class itself has no fields."""


class Record(_Typed):
    """
    One thing of the simulated world. Fields are JSON values; defaults stand in the class.

    Not a dataclass, because creating two dozen of those costs every command 10 ms and more.
    Only fields that differ from an immutable default need to be stored.
    """

    table: ClassVar[str] = ""
    _fresh: ClassVar[dict[str, Any]] = {}

    id: str

    def __init_subclass__(cls) -> None:
        own = {name: value for name, value in vars(cls).items() if not name.startswith("_")}  # no __annotations__
        cls._fresh = {name: type(value) for name, value in own.items() if isinstance(value, dict | list)}

    def __init__(self, **fields: Any) -> None:
        own = self.__dict__
        for name, kind in self._fresh.items():
            if name not in fields:
                own[name] = kind()
        own.update(fields)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in vars(self).items())})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]
