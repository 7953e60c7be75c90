"""What a pack is made of: frozen models that refuse anything they do not know."""

from policies.pack.anchor import After, AtThreshold
from policies.pack.document import Clause, Document
from policies.pack.duty import Basis, Chair, Duty, Notice, OnReturn, Repeat, Route, Rule
from policies.pack.house import House
from policies.pack.intake import Check, Form, FormField, Intake, Suggestion
from policies.pack.pack import Block, Category, Cycle, Pack, Periodic, StandIn, Suspicion
from policies.pack.threshold import Threshold

__all__ = [
    "After",
    "AtThreshold",
    "Basis",
    "Block",
    "Category",
    "Chair",
    "Check",
    "Clause",
    "Cycle",
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
