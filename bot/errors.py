"""What stops a command: one sentence for the person who typed it."""


class Unusable(Exception):
    """Homeward cannot start like this; the text says what is wrong and what to do. The command line ends with 2."""
