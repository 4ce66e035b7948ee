"""Tables of members: diner, contact (the vault), proofs of identity, membership, consent, spending, profile, used codes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.kernel.money import Fen
from domain.storage import Base, FenColumn, UtcDateTime, not_personal, personal


class Diner(Base):
    """Someone who followed the account or wrote to it. `merged_into` always names the one who remains, never a chain."""

    __tablename__ = "diner"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    following: Mapped[bool]
    met_at: Mapped[datetime] = mapped_column(UtcDateTime)
    followed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unfollowed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("diner.id"), index=True)


class Contact(Base):
    """The vault: one way to reach a diner, sealed under a key of its own. Erasing destroys the row and with it the key."""

    __tablename__ = "contact"

    openid_digest: Mapped[str] = mapped_column(
        String(64), primary_key=True, info=personal("find the diner who writes", basis="contract", retention="until erased", erase="delete")
    )
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), index=True)
    wrapped_key: Mapped[str] = mapped_column(
        String(128), info=personal("open what is sealed here", basis="contract", retention="until erased", erase="delete")
    )
    sealed_openid: Mapped[str] = mapped_column(
        String(512), info=personal("answer and notify the diner", basis="contract", retention="until erased", erase="key")
    )
    sealed_phone: Mapped[str | None] = mapped_column(
        String(512), info=personal("call about a booking or delivery", basis="consent", retention="until erased", erase="key")
    )
    met_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unfollowed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProvenIdentity(Base):
    """A unionid or a proven phone, by digest: whoever has the same one is the same person."""

    __tablename__ = "proven_identity"

    digest: Mapped[str] = mapped_column(
        String(64), primary_key=True, info=personal("know a person again", basis="consent", retention="until erased", erase="delete")
    )
    kind: Mapped[str] = mapped_column(String(8))
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), index=True)
    proven_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PhoneProof(Base):
    """A code that was sent to a phone, and how often it was guessed."""

    __tablename__ = "phone_proof"
    __table_args__ = (
        Index("ix_phone_proof_diner", "diner_id", "sent_at"),
        Index("ix_phone_proof_phone", "phone_digest", "sent_at"),
        Base.__table_args__,
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"))
    phone_digest: Mapped[str] = mapped_column(
        String(64), info=personal("tie the code to its phone", basis="consent", retention="2 days", erase="delete")
    )
    code_digest: Mapped[str] = mapped_column(
        String(64), info=personal("check the code", basis="consent", retention="2 days", erase="delete")
    )
    tries: Mapped[int] = mapped_column(SmallInteger)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Membership(Base):
    """A diner who agreed to be a member. `level` is None on the lowest one; `level_since` is the business day it was reached."""

    __tablename__ = "membership"

    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), primary_key=True)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    member_number: Mapped[str] = mapped_column(String(16), unique=True)
    level: Mapped[str | None] = mapped_column(String(64), info=not_personal("a level's name in the shop file"))
    level_since: Mapped[date | None] = mapped_column(Date)


class Consent(Base):
    """A purpose that a diner agreed to, and the version of the text they saw. Never edited, only withdrawn."""

    __tablename__ = "consent"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(32))
    text_version: Mapped[str] = mapped_column(String(16))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MemberSpending(Base):
    """What a member spent with one order, net of refunds; levels are reckoned from it."""

    __tablename__ = "member_spending"
    __table_args__ = (
        CheckConstraint("net_fen >= 0", name="net_not_negative"),
        Index("ix_member_spending_diner", "diner_id", "business_day"),
        Base.__table_args__,
    )

    order_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"))
    visit: Mapped[str] = mapped_column(String(64), info=not_personal("id of a table session or an order"))
    business_day: Mapped[date] = mapped_column(Date)
    net_fen: Mapped[Fen] = mapped_column(FenColumn)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MemberProfile(Base):
    """What a member told of themselves. `birthday` is month × 100 + day, no year."""

    __tablename__ = "member_profile"

    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), primary_key=True)
    birthday: Mapped[int | None] = mapped_column(
        SmallInteger,
        index=True,
        info=personal("the birthday dessert", basis="consent", retention="until the member leaves", erase="delete"),
    )
    birthday_set_on: Mapped[date | None] = mapped_column(Date)


class MemberFavourite(Base):
    """One of a member's three places for a favourite dish. Emptied, it keeps the day it was filled."""

    __tablename__ = "member_favourite"
    __table_args__ = (
        UniqueConstraint("diner_id", "dish_id"),
        CheckConstraint("place BETWEEN 1 AND 3", name="three_places"),
        Base.__table_args__,
    )

    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    dish_id: Mapped[str | None] = mapped_column(String(32))
    chosen_on: Mapped[date] = mapped_column(Date)


class MemberPreference(Base):
    """A taste of a member (少辣), or what they do not eat (花生)."""

    __tablename__ = "member_preference"

    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    word: Mapped[str] = mapped_column(
        String(32),
        primary_key=True,
        info=personal("cook as they like", basis="consent", retention="until the member leaves", erase="delete"),
    )
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UsedMemberCode(Base):
    """A member code that was scanned, so that it is scanned once."""

    __tablename__ = "used_member_code"

    nonce: Mapped[str] = mapped_column(String(32), primary_key=True)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
