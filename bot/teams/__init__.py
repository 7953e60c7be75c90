"""Microsoft Teams: the same journeys as everywhere, as Adaptive Cards and dialogs."""
