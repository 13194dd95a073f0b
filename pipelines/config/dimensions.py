"""What is known of branches, accounts, employees and agents, and by what else answers are grouped: `dimensions` of nps.yaml.

Here: the lists, and names of dimensions of one's own. Not here: how a list's files are read (`sources`, `layouts`).
"""

from __future__ import annotations

from typing import cast

from pydantic import Field, ValidationInfo, field_validator, model_validator

from pipelines.config.kinds import with_presets
from pipelines.config.layouts import MEMBER_KEYS, DimensionName
from pipelines.config.settings import Strict, misplaced
from pipelines.config.sources import Dimension
from pipelines.config.values import NAME_RULE, is_name
from transforms.dimensions import CANONICAL
from warehouse.names import names_taken


class Dimensions(Strict):
    """Lists of what is known of branches, accounts, employees and agents, and further dimensions of clients' answers."""

    branches: Dimension | None = Field(None, description="The list of branches, with their names and regions.")
    accounts: Dimension | None = Field(None, description="Of accounts, with their industries and branches.")
    employees: Dimension | None = Field(None, description="Of employees, with their branches and departments.")
    agents: Dimension | None = Field(
        None, description="Of agents, with the code under which each is shown; without one they are unknown."
    )
    extra: list[str] = Field(
        default_factory=list,
        description="Names for further dimensions of clients' answers, such as age_band: each is a column that sources may "
        "name, and has its table of facts and its scores.",
    )

    @model_validator(mode="before")
    @classmethod
    def _known(cls, given: object) -> object:
        for name in given if isinstance(given, dict) else ():
            if name not in cls.model_fields:
                allowed = ", ".join(repr(each) for each in cls.model_fields)
                raise misplaced(f"{name!r} is not allowed: it should be one of {allowed}", "dimensions", str(name))
        return given

    @field_validator(*MEMBER_KEYS, mode="before")
    @classmethod
    def _with_presets(cls, given: object, about: ValidationInfo) -> object:
        return with_presets(given, "dimensions", str(about.field_name))

    @field_validator(*MEMBER_KEYS)
    @classmethod
    def _members_named(cls, value: Dimension | None, about: ValidationInfo) -> Dimension | None:
        name = cast("DimensionName", about.field_name)
        said = {*value.columns, *value.file_name_groups} if value else set()
        if value and MEMBER_KEYS[name] not in said:
            raise ValueError(f"{name}.columns must name {MEMBER_KEYS[name]}, which says who a row is about")
        if value and name == "agents" and "code" not in said:
            raise ValueError("agents.columns must name code: agents are shown by nothing else")
        return value

    @field_validator("extra")
    @classmethod
    def _own_names(cls, value: list[str]) -> list[str]:
        for name in value:
            if not is_name(name) or value.count(name) > 1:
                raise ValueError(f"{name!r} cannot be a dimension's name: {NAME_RULE}, and name none twice")
            if name in CANONICAL or name in names_taken():
                raise ValueError(f"{name!r} has a meaning here already: call the dimension otherwise")
        return value

    @property
    def lists(self) -> dict[DimensionName, Dimension]:
        """Those that nps.yaml names."""
        found = {name: getattr(self, name) for name in MEMBER_KEYS}
        return {name: each for name, each in found.items() if each is not None}
