"""The base of all records: a table name, an id, and fields with plain JSON values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from typing_extensions import Self, dataclass_transform
else:

    def dataclass_transform(**_: object):
        """A stand-in: only type checkers use dataclass_transform, and Python 3.10 does not have it."""
        return lambda cls: cls


@dataclass_transform(kw_only_default=True)
class _Typed:
    """Tells type checkers the constructors of records. The decorated class itself has no fields."""


class Record(_Typed):
    """
    One stored object of a cloud. Fields have JSON values, and class attributes as defaults.

    Not a dataclass: creating two dozen of those costs every command 10 ms and more.
    Only fields that differ from an immutable default need to be stored.
    """

    table: ClassVar[str] = ""
    _containers: ClassVar[dict[str, Any]] = {}  # fields that need a dict or list of their own
    _known_forms: ClassVar[set[object]] = set()  # names and types of the fields of documents that were checked

    id: str

    def __init_subclass__(cls) -> None:
        own = {name: value for name, value in vars(cls).items() if not name.startswith("_")}  # no __annotations__
        cls._known_forms = set()
        cls._containers = {name: type(value) for name, value in own.items() if isinstance(value, dict | list)}

    def __init__(self, **fields: Any) -> None:
        own = self.__dict__
        for name, kind in self._containers.items():
            if name not in fields:
                own[name] = kind()
        own.update(fields)

    @classmethod
    def from_document(cls, document: Mapping[str, Any], is_checked: bool = False) -> Self:
        """
        The record of a stored document, with its own copies of nested lists and objects.

        Args:
            is_checked: Whether the document has been checked before.

        Raises:
            ValueError: a field without a default is missing, or a value has another type than its field.
        """
        if not is_checked:
            cls._check(document)
        record = cls.__new__(cls)
        own = record.__dict__
        own.update(document)
        for name in nested_fields(cls):
            value = own.get(name)
            if type(value) in NESTED:
                own[name] = copy_json(value)
            elif name not in own and name in cls._containers:
                own[name] = cls._containers[name]()
        return record

    @classmethod
    def _check(cls, document: Mapping[str, Any]) -> None:
        form = form_of(document)
        if form not in cls._known_forms:
            check_fields(cls, document)
            cls._known_forms.add(form)

    def to_document(self) -> dict[str, Any]:
        """The fields to store, the id first. Nested lists and objects are shared with the record."""
        return {"id": self.id, **vars(self)}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in vars(self).items())})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]


NESTED = frozenset({dict, list})


def form_of(document: Mapping[str, Any]) -> tuple[object, ...]:
    """The names of the fields of a document and the types of their values, by which it is known whether these fit."""
    return (*document, *map(type, document.values()))


def copy_json(value: Any) -> Any:
    """A copy of a JSON value that shares no list or object with it."""
    if type(value) is dict:
        copy = value.copy()
        for key, item in value.items():
            if type(item) in NESTED:
                copy[key] = copy_json(item)
        return copy
    if type(value) is list:
        return [copy_json(item) if type(item) in NESTED else item for item in value]
    return value


def fields_of(kind: type[Record]) -> frozenset[str]:
    """The names of the fields that a kind of record declares."""
    if kind not in _fields:
        hints = [item for base in kind.__mro__ for item in getattr(base, "__annotations__", {}).items()]
        _fields[kind] = frozenset(name for name, hint in hints if not str(hint).startswith("ClassVar"))
    return _fields[kind]


def required_fields(kind: type[Record]) -> frozenset[str]:
    """The names of the fields without a default."""
    if kind not in _required:
        _required[kind] = frozenset(name for name in fields_of(kind) if not hasattr(kind, name))
    return _required[kind]


def nested_fields(kind: type[Record]) -> tuple[str, ...]:
    """The names of the fields that can have lists or objects."""
    if kind not in _nested:
        hints = [item for base in kind.__mro__ for item in getattr(base, "__annotations__", {}).items()]
        _nested[kind] = tuple(name for name, hint in hints if "dict" in str(hint) or "list" in str(hint))
    return _nested[kind]


def check_fields(kind: type[Record], document: Mapping[str, Any]) -> None:
    """Raise ValueError if a required field is missing or a value has another type than its field."""
    if missing := required_fields(kind) - document.keys():
        raise ValueError(f"record {document.get('id')!r} lacks {min(missing)!r}")
    types = types_of_fields(kind)
    for name, value in document.items():
        if name in types and type(value) not in types[name]:
            raise ValueError(f"record {document.get('id')!r}: {name!r} should be {describe_types(types[name])}")


def types_of_fields(kind: type[Record]) -> dict[str, frozenset[type]]:
    """The types that a value in JSON may have, by field."""
    if kind not in _types:
        hints = {name: hint for base in kind.__mro__ for name, hint in getattr(base, "__annotations__", {}).items()}
        names = {name: [part.partition("[")[0] for part in str(hints[name]).split(" | ")] for name in fields_of(kind)}
        _types[kind] = {
            field: frozenset(type for name in parts for type in TYPES[name]) for field, parts in names.items()
        }
    return _types[kind]


def describe_types(types: Collection[type]) -> str:
    """Types of values in JSON, in words. A number includes a whole number."""
    return " or ".join(
        words for type, words in TYPE_NAMES.items() if type in types and not (type is int and float in types)
    )


TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "dict": (dict,),
    "list": (list,),
    "None": (type(None),),
}
"""By the names in annotations: the types of values in JSON."""
TYPE_NAMES: dict[type, str] = {
    str: "text",
    float: "a number",
    int: "a whole number",
    bool: "true or false",
    dict: "an object",
    list: "a list",
    type(None): "null",
}

_types: dict[object, dict[str, frozenset[type]]] = {}
_nested: dict[object, tuple[str, ...]] = {}
_fields: dict[object, frozenset[str]] = {}
_required: dict[object, frozenset[str]] = {}
