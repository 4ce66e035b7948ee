"""Tables of members: diner, contact (the vault), membership, consent."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.storage import Base, UtcDateTime, personal


class Diner(Base):
    """Someone who followed the account or wrote to it."""

    __tablename__ = "diner"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    following: Mapped[bool] = mapped_column(Boolean)
    met_at: Mapped[datetime] = mapped_column(UtcDateTime)
    followed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unfollowed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Contact(Base):
    """The vault: how to reach a diner, sealed under the diner's own key. Erasing destroys the row and with it the key."""

    __tablename__ = "contact"

    openid_digest: Mapped[str] = mapped_column(
        String(64), primary_key=True, info=personal("find the diner who writes", basis="contract", retention="until erased", erase="delete")
    )
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), unique=True)
    wrapped_key: Mapped[str] = mapped_column(
        String(128), info=personal("open what is sealed here", basis="contract", retention="until erased", erase="delete")
    )
    sealed_openid: Mapped[str] = mapped_column(
        String(512), info=personal("answer and notify the diner", basis="contract", retention="until erased", erase="key")
    )


class Membership(Base):
    """A diner who agreed to be a member."""

    __tablename__ = "membership"

    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), primary_key=True)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    member_number: Mapped[str] = mapped_column(String(16), unique=True)


class Consent(Base):
    """A purpose that a diner agreed to, and the version of the text they saw. Never edited, only withdrawn."""

    __tablename__ = "consent"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(32))
    text_version: Mapped[str] = mapped_column(String(16))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
