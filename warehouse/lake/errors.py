"""What can be wrong with what the warehouse itself has stored. Nothing is imported here: the command line needs it early."""


class DamagedError(Exception):
    """Something stored is damaged: says what, and what to do."""
