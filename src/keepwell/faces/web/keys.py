"""Account keys in URLs: a key may hold any character, a path segment may not."""

from urllib.parse import quote, unquote

from django.urls import register_converter


class AccountKey:
    """A raw key as one path segment: `/` and `~` become `~2F` and `~7E`; Django quotes the rest.

    A tilde rather than a second round of percent signs, because servers and proxies fold `%2F` into a slash.
    """

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """From the segment to the key; none has NUL in it."""
        key = unquote(value.replace("%", "%25").replace("~", "%"))
        if "\x00" in key:
            raise ValueError("no key holds NUL")
        return key

    def to_url(self, value: str) -> str:
        """From the key to the segment; `.` and `..` would be eaten by browsers."""
        text = str(value)
        if set(text) == {"."}:
            return text.replace(".", "~2E")
        return "".join(f"~{ord(sign):02X}" if sign in "/~\\" else sign for sign in text)


def register() -> None:
    """Make `<account_key:…>` known to Django's routes."""
    register_converter(AccountKey, "account_key")


def quoted(key: str) -> str:
    """The key inside a file name of a download."""
    return quote(key, safe="")
