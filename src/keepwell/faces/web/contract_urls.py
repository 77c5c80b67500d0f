"""The addresses of what is signed, and of what was agreed anew about it."""

from django.urls import URLPattern, path

from keepwell.faces.web.views import account, amendments


def paths() -> list[URLPattern]:
    """All of them; asked once the parts of addresses are registered."""
    here = "accounts/<account_key:key>/contracts/"
    return [
        path(here, account.signed, name="account-contracts"),
        path(f"{here}amendments.csv", amendments.download, name="account-amendments-csv"),
        path(
            f"{here}amendments/<int:amendment_id>/removal/",
            amendments.removal,
            name="account-amendment-removal",
        ),
        path(f"{here}amendments/<int:amendment_id>/told/", amendments.told, name="account-amendment-told"),
        path(f"{here}<slug:kind>/", amendments.amend, name="account-amend"),
    ]
