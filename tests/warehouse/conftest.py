"""What several files of tests about the published file use as a fixture."""

from collections.abc import Iterator

import pytest

from tests.support import lakes


@pytest.fixture(scope="module")
def bare() -> Iterator[None]:
    """Files are built without views and comments, in all of a module that is not about these."""
    with lakes.bare():
        yield
