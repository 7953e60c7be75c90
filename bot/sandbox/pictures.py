"""The pictures that posts of the training room name, drawn once each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.sandbox import charts
from bot.sandbox.screen import Scene, Shown
from handlers.desk import Desk
from handlers.enclosed import PICTURE, Enclosed
from handlers.reports import drawing


@dataclass
class Pictures:
    """By the id of their post."""

    drawn: dict[str, str] = field(default_factory=dict)

    def into(self, scene: Scene, desk: Desk, authority: str) -> Scene:
        """The scene with what its posts enclose."""
        return replace(scene, posts=tuple(self._with(post, desk, authority) for post in scene.posts))

    def _with(self, post: Shown, desk: Desk, authority: str) -> Shown:
        enclosed = post.body.enclosed
        if enclosed is None or enclosed.kind != PICTURE:
            return post
        if post.id not in self.drawn:
            self.drawn[post.id] = _draw(desk, authority, enclosed)
        return replace(post, picture=self.drawn[post.id])


def _draw(desk: Desk, authority: str, enclosed: Enclosed) -> str:
    return charts.svg(drawing.poster_of(desk, authority, enclosed))
