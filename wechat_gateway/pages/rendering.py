"""Templates, headers and static files of the diner's pages."""

from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.kernel.money import short_yuan, yuan

_FOLDER = Path(__file__).parent
STATIC = _FOLDER / "static"


class Pages:
    """Renders pages. `frame_ancestors` names who may show them inside a frame ("'none'"; the demo's phone)."""

    def __init__(self, frame_ancestors: str = "'none'") -> None:
        self._templates = Environment(
            loader=FileSystemLoader(_FOLDER / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.filters.update(yuan=yuan, short_yuan=short_yuan)
        self._headers = {
            "Content-Security-Policy": "default-src 'none'; img-src 'self' https: data:; style-src 'self'; form-action 'self'; "
            f"base-uri 'none'; frame-ancestors {frame_ancestors}",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }

    def render(self, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """A page from a template."""
        html = self._templates.get_template(template).render(values)
        return web.Response(text=html, content_type="text/html", status=status, headers=self._headers)
