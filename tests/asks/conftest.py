"""The authors, books and questions that tests of recommendations go by, too."""

from tests.recommendations.conftest import asked, ishiguro, never, proposed, public, remains, rows

__all__ = ("asked", "ishiguro", "never", "proposed", "public", "remains", "rows")
