"""What a pack is made of: frozen models that refuse anything they do not know."""

from policies.pack.document import Clause, Document
from policies.pack.duty import After, AtThreshold, Basis, Chair, Duty, Notice, OnReturn, Repeat, Route, Rule
from policies.pack.pack import (
    Block,
    Category,
    Form,
    FormField,
    House,
    Intake,
    Pack,
    Periodic,
    StandIn,
    Suggestion,
    Suspicion,
)
from policies.pack.threshold import Threshold

__all__ = [
    "After",
    "AtThreshold",
    "Basis",
    "Block",
    "Category",
    "Chair",
    "Clause",
    "Document",
    "Duty",
    "Form",
    "FormField",
    "House",
    "Intake",
    "Notice",
    "OnReturn",
    "Pack",
    "Periodic",
    "Repeat",
    "Route",
    "Rule",
    "StandIn",
    "Suggestion",
    "Suspicion",
    "Threshold",
]
