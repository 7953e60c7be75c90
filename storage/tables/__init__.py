"""Every table, as a model (Posts) and as the plain table the queries use (POSTS)."""

from storage.tables.asks import ASKS, Asks
from storage.tables.bookings import BOOKINGS, Bookings
from storage.tables.children import ALLOCATIONS, CHILDREN, Allocations, Children
from storage.tables.columns import UTC, Table
from storage.tables.conversations import CONVERSATIONS, Conversations
from storage.tables.episodes import EPISODES, Episodes
from storage.tables.figures import FIGURES, PERIODS, Figures, Periods
from storage.tables.interviews import INTERVIEWS, Interviews
from storage.tables.journal import CHAINS, JOURNAL, Chains, Journal
from storage.tables.keys import KEYS, Keys
from storage.tables.obligations import CROSSINGS, OBLIGATIONS, PINGS, Crossings, Obligations, Pings
from storage.tables.packs import PACKS, Packs
from storage.tables.panels import PANEL_CASES, PANELS, PanelCases, Panels
from storage.tables.people import ARRANGEMENTS, Arrangements
from storage.tables.permits import PERMITS, Permits
from storage.tables.posts import POSTS, WAITING, Posts
from storage.tables.processes import PROCESSES, Processes
from storage.tables.receipts import RECEIPTS, SETTINGS, Receipts, Settings

METADATA = Table.metadata

__all__ = [
    "ALLOCATIONS",
    "ARRANGEMENTS",
    "ASKS",
    "BOOKINGS",
    "CHAINS",
    "CHILDREN",
    "CONVERSATIONS",
    "CROSSINGS",
    "EPISODES",
    "FIGURES",
    "INTERVIEWS",
    "JOURNAL",
    "KEYS",
    "METADATA",
    "OBLIGATIONS",
    "PACKS",
    "PANELS",
    "PANEL_CASES",
    "PERIODS",
    "PERMITS",
    "PINGS",
    "POSTS",
    "PROCESSES",
    "RECEIPTS",
    "SETTINGS",
    "UTC",
    "WAITING",
    "Allocations",
    "Arrangements",
    "Asks",
    "Bookings",
    "Chains",
    "Children",
    "Conversations",
    "Crossings",
    "Episodes",
    "Figures",
    "Interviews",
    "Journal",
    "Keys",
    "Obligations",
    "Packs",
    "PanelCases",
    "Panels",
    "Periods",
    "Permits",
    "Pings",
    "Posts",
    "Processes",
    "Receipts",
    "Settings",
]
