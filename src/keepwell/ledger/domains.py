"""E-mail domains: which one an address has, and which belong to nobody in particular. Pure."""

import tomllib
from functools import cache
from importlib import resources

from keepwell.kernel import errors


@cache
def free() -> frozenset[str]:
    """Domains of free mail: whoever writes from there may belong anywhere."""
    said = tomllib.loads(resources.files("keepwell.ledger").joinpath("free_mail.toml").read_text())
    return frozenset(said["exact"])


def is_free(domain: str) -> bool:
    """Whether anybody can have an address there: the declared domains, and a few providers under any country's ending."""
    provider, _, ending = domain.partition(".")
    return domain in free() or (provider in {"yahoo", "hotmail", "outlook", "gmx"} and "." not in ending[:-3])


def of(email: str) -> str:
    """The domain of an address; empty for free mail and for what is no address."""
    domain = email.rpartition("@")[2].strip().lower().rstrip(".")
    return domain if "." in domain and not is_free(domain) else ""


def checked(text: str) -> str:
    """A domain as a person writes it; `Invalid` says why it cannot be an account's."""
    domain = text.strip().lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    domain = domain.rpartition("@")[2].rstrip("/.")
    labels = domain.split(".")
    fit = len(labels) > 1 and len(domain) <= 253 and all(_label(label) for label in labels)
    if not fit:
        raise errors.Invalid('"%(text)s" is no domain. Write it as in example.com.', text=text[:80])
    if is_free(domain):
        raise errors.Invalid(
            '"%(domain)s" is free mail: its people may belong to anybody. Name the company\'s own.',
            domain=domain,
        )
    return domain


def _label(label: str) -> bool:
    plain = label.replace("-", "")
    return 0 < len(label) <= 63 and plain.isalnum() and not label.startswith("-") and not label.endswith("-")
