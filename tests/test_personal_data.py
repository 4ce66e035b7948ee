"""The map of personal data is whole: no column that may hold something about a person is left out."""

from domain.storage.personal import personal_data_map, unmapped_columns
from haowei.schema import all_metadata


def test_every_text_column_says_what_it_holds_about_a_person() -> None:
    assert unmapped_columns(all_metadata()) == []


def test_the_map_names_what_we_know_to_be_personal() -> None:
    columns = {name for name, _ in personal_data_map(all_metadata())}

    assert columns >= {
        "contact.openid_digest",
        "contact.sealed_openid",
        "contact.wrapped_key",
        "dialogue.state",
        "inbox_message.message",
        "inbox_message.reply",
        "message.content",
        "order_line.note",
        "outbox_event.payload",
    }


def test_every_entry_is_complete() -> None:
    for name, entry in personal_data_map(all_metadata()):
        assert entry.purpose, name
        assert entry.retention, name
        assert entry.basis in {"contract", "consent"}, name
        assert entry.erase in {"key", "delete", "blank"}, name
