"""homeward.yml: authorities, rooms, people, standing roles and the rota of one installation."""

from bot.configuration.directory import directory, packs
from bot.configuration.parts import Configuration
from bot.configuration.reading import read, understand

__all__ = ["Configuration", "directory", "packs", "read", "understand"]
