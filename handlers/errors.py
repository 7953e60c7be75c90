"""What a handler raises towards a person; each text is one sentence that is safe to show."""


class HandlerError(Exception):
    """The family of everything below."""


class Refused(HandlerError):
    """It was understood and may not be done; the text says why and what to do next. `field` is the form field it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NeedsApproval(Refused):
    """Somebody else has to agree to it: one of `roles`, who can be asked."""

    def __init__(self, sentence: str, roles: tuple[str, ...], field: str | None = None) -> None:
        super().__init__(sentence, field)
        self.roles = roles


class NotUnderstood(HandlerError):
    """It was not understood; the text offers what was probably meant."""


class Undeliverable(HandlerError):
    """A platform says that it will never take this post."""


class Elsewhere(HandlerError):
    """Nobody whom the post is for is in its room, and nothing was sent: each of them is to be told alone."""


class Uncertain(HandlerError):
    """Nobody knows whether the platform took this post; it is looked up before it is sent again."""


class Later(HandlerError):
    """The platform did not take the post and asks to wait `seconds`; `everywhere`: with everything, not only with this channel."""

    def __init__(self, seconds: float, *, everywhere: bool = False) -> None:
        super().__init__(f"the platform asks to wait {seconds:.0f} s")
        self.seconds = seconds
        self.everywhere = everywhere


class NoKey(Later):
    """Our own key is refused: nothing was taken, and nothing will be until somebody sees to the key."""

    def __init__(self, why: str = "") -> None:
        super().__init__(KEYLESS, everywhere=True)
        self.why = why


KEYLESS = 60.0  # seconds until a key that was refused is tried again: it may have been changed
