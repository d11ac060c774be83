"""What the tables of settings are made of: a table, a path, an address."""

import os
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


def _possible(value: str) -> str:
    """A path or an address as it is, unless no machine could have it: Python would raise what is no line."""
    if "\0" in value:
        raise PydanticCustomError("null", "It has a null character")
    if value.startswith("~") and os.path.expanduser(value) == value:
        raise PydanticCustomError("user", "It begins with the name of a user that there is not")
    return value


def _no_address(value: str) -> str:
    """A path as it is. An address may hold a password, and would stand in errors and manifests."""
    if re.match(r"[A-Za-z][\w+.-]*://", value):
        raise PydanticCustomError("address", "This is an address, and here a path is wanted")
    return value


# A path of this machine, or what is looked for as one first: a hub id, a glob.
FilePath = Annotated[str, AfterValidator(_no_address), AfterValidator(_possible)]
# A path of this machine, or an address.
Place = Annotated[str, AfterValidator(_possible)]
