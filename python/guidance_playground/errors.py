"""The one exception of the package."""


class GuidancePlaygroundError(Exception):
    """What was asked for cannot be done.

    Attributes:
        code: a stable name of what kind of trouble it is: ``invalid``, ``unknown-model``, ``other-data``, ``weights``,
            ``diverged``, ``file``, ``rule``, ``address``, ``workers-lost``, ``missing-package``.
        message: a sentence that says what happened.
        advice: what to do about it.
    """

    code: str
    message: str
    advice: str

    def __init__(self, code: str, message: str, advice: str = "") -> None:
        super().__init__(code, message, advice)
        self.code, self.message, self.advice = code, message, advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".rstrip()


def missing_package(name: str, what: str) -> GuidancePlaygroundError:
    """For a package that only this needs."""
    return GuidancePlaygroundError("missing-package", f"{what} need {name}, which is not installed.", f"Install it: pip install {name}.")
