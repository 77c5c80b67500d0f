"""Where the page's style sheet and modules stand."""

from django import template

from keepwell.faces.web.views.styles import address

register = template.Library()


@register.simple_tag
def style_sheet() -> str:
    """The address of today's style sheet."""
    return address()


@register.filter
def words(names: str) -> list[str]:
    """Module names as static paths."""
    return [f"web/js/{name}.js" for name in names.split()]
