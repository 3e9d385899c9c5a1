"""Where the shipped data lies: `prompts/` and `examples/`, in a checkout or inside the installed wheel.

A checkout (editable install) keeps them at the top of the repository, where people edit them; a wheel carries copies in
`distq_tui/_data`. Nothing else may know the difference.
"""

from functools import cache
from pathlib import Path


@cache
def data_dir() -> Path:
    """The folder that holds `prompts/` and `examples/`.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    package = Path(__file__).parent
    for folder in (package / "_data", package.parent):
        if (folder / "prompts").is_dir():
            return folder
    raise FileNotFoundError(f"the data folder `prompts` is missing beside or inside {package}; install distq-tui again")


def data_path(*parts: str) -> Path:
    """A path inside the shipped data, such as `data_path("prompts", "facts", "families.toml")`."""
    return data_dir().joinpath(*parts)
