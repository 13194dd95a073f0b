"""Getting Great Expectations into the process: late, once, quietly, and as cheaply as it goes.

Here: what must be so before and while it is imported. Not here: anything that uses it.
Importing it takes seconds, most of them for what this house never calls.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import copy
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pydantic.v1.fields import ModelField


_LOADING: Final = Lock()

#: A third of the time: statistical tests of distributions and pictures of them, which no rule uses.
_NOT_NEEDED: Final = ("scipy.stats", "altair")

#: Modules of the standard library that Great Expectations still uses and that warn when they are first imported.
_DEPRECATED: Final = ("sre_constants", "sre_parse")


def load() -> None:
    """Import Great Expectations, if that has not happened.

    Not in a thread beside other work: what Dagster imports meanwhile would find SQLAlchemy half imported.
    """
    with _LOADING:
        if "expectations.session" in sys.modules:
            return
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        _keep_quiet("great_expectations")
        with _collecting_later(), _repeating_little():
            for name in _NOT_NEEDED:
                _defer(name)
            _import_without_warnings(_DEPRECATED)
            import_module("expectations.session")


def _keep_quiet(name: str) -> None:
    """Let nothing that a library logs reach anyone: of a broken query it logs values. `check` says what failed."""
    logger = logging.getLogger(name)
    logger.addHandler(logging.NullHandler())
    logger.propagate = False


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Without the garbage collector, which would walk all the new objects again and again and find nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _repeating_little() -> Iterator[None]:
    """Let a model take over the fields of its bases as copies that share what no model changes, and validators as they are.

    Pydantic's first version copies fields to the bottom and looks at the same few validators thousands of times, which was a
    third of the import: hundreds of models there are of sources that nobody here uses.
    """
    models: Any = import_module("pydantic.v1.main")
    validators: Any = import_module("pydantic.v1.class_validators")
    thorough, generic = models.smart_deepcopy, validators.make_generic_validator

    def copied(value: Any) -> Any:  # noqa: ANN401 - as pydantic has it
        is_of_fields = type(value) is dict and all(type(field) is models.ModelField for field in value.values())
        return {name: _copied(field) for name, field in value.items()} if is_of_fields else thorough(value)

    models.smart_deepcopy, validators.make_generic_validator = copied, cache(generic)
    try:
        yield
    finally:
        models.smart_deepcopy, validators.make_generic_validator = thorough, generic


def _copied(field: ModelField) -> ModelField:
    """The same field with what a model that inherits it may change: what is said of it, and its validators."""
    own = copy(field)
    own.field_info = copy(field.field_info)
    own.class_validators = dict(field.class_validators)
    return own


class _Deferred(ModuleType):
    """A module that is imported when something of it is first used.

    The standard library's own lazy modules are loaded by any second import statement that names them.
    """

    def __getattr__(self, attribute: str) -> object:
        """Give what the module has, now that it is wanted."""
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
            import_module(self.__name__)
        return getattr(sys.modules[self.__name__], attribute)


def _defer(name: str) -> None:
    """Let a module be imported when something of it is first used. Nothing changes but the time at which it loads."""
    spec = None if name in sys.modules else find_spec(name)
    if spec is None:
        return
    module = _Deferred(name)
    module.__spec__ = spec
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(import_module(parent), child, module)


def _import_without_warnings(names: tuple[str, ...]) -> None:
    """Import modules alone, so that the filters of the process are changed for a moment only."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for name in names:
            with suppress(ModuleNotFoundError):
                import_module(name)
