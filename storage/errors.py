"""What the storage ring raises; each message is one sentence that is safe to log."""


class StorageError(Exception):
    """The family of everything below."""


class Sealed(StorageError):
    """A sealed value does not open: another key, another place, or changed bytes."""


class Erased(Sealed):
    """The key of a sealed value was destroyed on purpose; nobody can open it again."""


class Stale(StorageError):
    """A row was changed by somebody else since it was read."""


class Repeated(StorageError):
    """Something that may happen once has already happened."""


class Unavailable(StorageError):
    """The database cannot be used now: gone, full, or not ours to write; nothing of the transaction is saved."""


class Busy(Unavailable):
    """Another writer held the database for longer than we wait."""
