"""The guards of this product, and for each the test that watches it. Data only."""

from typing import Final

from tests.torture.guards.admitting import ADMITTING
from tests.torture.guards.answering import ANSWERING
from tests.torture.guards.deciding import DECIDING
from tests.torture.guards.fetching import FETCHING
from tests.torture.guards.guard import Guard
from tests.torture.guards.hiding import HIDING
from tests.torture.guards.listing import LISTING
from tests.torture.guards.publishing import PUBLISHING
from tests.torture.guards.reading import READING_GUARDS
from tests.torture.guards.storing import STORING

GUARDS: Final[tuple[Guard, ...]] = (
    *DECIDING,
    *STORING,
    *HIDING,
    *FETCHING,
    *READING_GUARDS,
    *PUBLISHING,
    *ADMITTING,
    *ANSWERING,
    *LISTING,
)
