"""A form of a page, filled in as a browser fills it: what it holds, some of it changed, one button pressed."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client

from tests.faces.web.reading import html


class Form(HTMLParser):
    """Reads the form that goes to an address."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.action, self.fields, self.buttons = action, dict[str, list[str]](), set[str]()
        self._inside, self._select, self._chosen, self._area = False, "", list[str](), ""
        self._first: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = said.get("action", "") == self.action
        if not self._inside:
            return
        name = said.get("name", "")
        if tag == "input" and name:
            is_box = said.get("type") in ("checkbox", "radio")
            if not is_box or "checked" in said:
                self.fields.setdefault(name, []).append(said.get("value", "on" if is_box else ""))
        elif tag == "select":
            self._select, self._chosen, self._first = name, [], None
        elif tag == "option" and self._select:
            self._first = said.get("value", "") if self._first is None else self._first
            if "selected" in said:
                self._chosen.append(said.get("value", ""))
        elif tag == "textarea":
            self._area = name
            self.fields.setdefault(name, []).append("")
        elif tag == "button" and name == "deed":
            self.buttons.add(said.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._inside and self._area:
            self.fields[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._area = ""
        elif tag == "select" and self._select:
            self.fields.setdefault(self._select, []).extend(self._chosen or [self._first or ""])
            self._select = ""


def press(client: Client, response: Any, action: str, deed: str, **changes: str | list[str]) -> Any:
    """Change some of its fields, which must be there, and press a button, which must be there too."""
    form = Form(html(response), action)
    assert deed in form.buttons, sorted(form.buttons)
    fields: dict[str, Any] = dict(form.fields)
    for name, value in changes.items():
        there = name if name in fields else name.replace("_", "-")
        assert there in fields, (there, sorted(fields))
        fields[there] = value
    return client.post(action, {**fields, "deed": deed})
