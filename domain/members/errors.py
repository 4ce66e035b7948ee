"""Refusals about members.

DomainError
├── NotAMemberError          this needs a membership
├── NoSuchBirthdayError      no such month and day
├── BirthdayLockedError      changed less than 12 months ago
├── TooManyFavouritesError   all three places are taken
├── FavouriteLockedError     this place was filled less than 30 days ago
├── NoSuchFavouriteError     the dish is not among the favourites
├── PreferenceUnclearError   no word, or too long a one
├── TooManyPreferencesError  ten are kept
├── NoSuchPhoneError         not a mobile number of the mainland
├── PhoneProofOffError       no provider of text messages
├── CodeTooSoonError         a code was sent less than a minute ago
├── TooManyCodesError        five codes in a day
├── CodeForgedError          not a member code of ours
├── CodeExpiredError         older than three minutes
├── CodeUsedError            scanned before
└── SamePersonError          both codes are of one member
"""

from domain.kernel.errors import DomainError


class NotAMemberError(DomainError):
    """The diner has not joined."""

    code = "members.not_a_member"


class NoSuchBirthdayError(DomainError):
    """There is no such day in any year."""

    code = "members.no_such_birthday"


class BirthdayLockedError(DomainError):
    """The birthday was set less than 12 months ago. Details: until (date, the first day it may change)."""

    code = "members.birthday_locked"


class TooManyFavouritesError(DomainError):
    """All places for favourites are taken. Details: most."""

    code = "members.too_many_favourites"


class FavouriteLockedError(DomainError):
    """A place for a favourite was filled less than 30 days ago. Details: dish_id ("" when it was emptied since), until (date)."""

    code = "members.favourite_locked"


class NoSuchFavouriteError(DomainError):
    """The dish is not among the member's favourites. Details: dish_id."""

    code = "members.no_such_favourite"


class PreferenceUnclearError(DomainError):
    """A preference is one short word. Details: most (characters)."""

    code = "members.preference_unclear"


class TooManyPreferencesError(DomainError):
    """As many preferences as are kept. Details: most."""

    code = "members.too_many_preferences"


class NoSuchPhoneError(DomainError):
    """Not a mobile number of mainland China."""

    code = "members.no_such_phone"


class PhoneProofOffError(DomainError):
    """The restaurant has no provider of text messages, so phones cannot be proven."""

    code = "members.phone_proof_off"


class CodeTooSoonError(DomainError):
    """A code was sent a moment ago. Details: seconds (until the next)."""

    code = "members.code_too_soon"


class TooManyCodesError(DomainError):
    """As many codes as may be sent in a day, to this diner or to this phone."""

    code = "members.too_many_codes"


class CodeForgedError(DomainError):
    """Not a member code that we made."""

    code = "members.code_forged"


class CodeExpiredError(DomainError):
    """The member code has run out, or its member is no longer one."""

    code = "members.code_expired"


class CodeUsedError(DomainError):
    """The member code was scanned before."""

    code = "members.code_used"


class SamePersonError(DomainError):
    """Both scanned codes are of one member: there is nothing to merge."""

    code = "members.same_person"
