"""How many there are of something, in words."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return "1 feed", "2 feeds", "0 feeds"; ``many`` where it is not ``one`` and an s."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
