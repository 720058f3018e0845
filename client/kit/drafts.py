"""What stands in an editor, fit for a draft, and back again as if it had been typed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from client.kit.fields import Editor, FlagEdit, FormatEdit, TextEdit
from client.kit.pick import PickEdit
from common.kit.wire import pack


def written_of(editor: Editor) -> Any:
    """What stands in an editor, readable or not."""
    if isinstance(editor, FormatEdit | TextEdit):
        return editor.written()
    if isinstance(editor, PickEdit) and editor.value() is None:
        return {"text": editor.line.text()}
    return pack(editor.value())


def write_into(editor: Editor, written: Any) -> None:
    """Put a draft's text back as if it had been typed."""
    clean = editor._clean  # noqa: SLF001  what was stored stays the measure of dirtiness
    if isinstance(editor, FormatEdit):
        editor.line.setText(written or "")
        editor.settle()
    elif isinstance(editor, TextEdit | FlagEdit):
        editor.set_value(written)
    elif isinstance(editor, PickEdit) and isinstance(written, dict):
        editor.set_value(None)
        editor.line.setText(written["text"])
        editor.settle()
    else:
        _choose(editor, written)
    editor._clean = clean  # noqa: SLF001


def _choose(editor: Editor, written: Any) -> None:
    """The value of its primitive: an id, else a plain one, else the stored value of a choice."""
    for candidate in (_uuid(written), written):
        if candidate is None and written is not None:
            continue
        try:
            editor.set_value(candidate)
        except ValueError:
            continue
        else:
            return
    for option in getattr(editor, "_all", ()):
        if pack(option.id) == written:
            editor.set_value(option.id)
            return


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
