"""What goes wrong with a store. Part of ``aggregator.store.contract``."""


class StoreError(Exception):
    """The store cannot do what was asked; the message says what to do."""


class StoreBusyError(StoreError):
    """Another process does what only one may do at a time."""


class StoreUnavailableError(StoreError):
    """The store cannot be written for now: the disk is full, or read-only, or somebody holds it for too long."""


class StoreLostError(StoreError):
    """The store's file is gone, replaced or damaged: whoever works on it has to stop."""


class StaleClaimError(StoreError):
    """The poll was taken over by another claim: its result must not be written."""


class StoreConflictError(StoreUnavailableError):
    """Another process was in the way and the transaction is undone: the same again will do."""


class StalePlanError(Exception):
    """What was planned upon has changed before the plan was written; see ``Records.apply``."""
