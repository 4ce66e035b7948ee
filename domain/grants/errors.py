"""Refusals when value is given.

DomainError
├── NoBudgetError         the shop has no budget for the campaign, or none that holds here
├── BudgetSpentError      a line of the campaign's budget is short
└── UnknownRewardError    the reward list has no such line
"""

from domain.kernel.errors import DomainError


class NoBudgetError(DomainError):
    """No limit of a budget holds for this grant: nothing is given away without one. Details: campaign."""

    code = "grants.no_budget"


class BudgetSpentError(DomainError):
    """What is left of the budget does not cover it. Details: campaign, scope ("*", "d:<date>", "s:<store>:<date>")."""

    code = "grants.budget_spent"


class UnknownRewardError(DomainError):
    """The reward list has no such line, or no longer. Details: reward (its id)."""

    code = "grants.unknown_reward"
