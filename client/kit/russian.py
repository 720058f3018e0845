"""Qt's own words in Russian: its translation, and the few words that it puts badly."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

BETTER = {
    "Discard": "Не сохранять",
    "Don't Save": "Не сохранять",
    "Close without Saving": "Не сохранять",
    "Yes": "Да",
    "No": "Нет",
}
"""Qt says «Отклонить» where a person asks not to save."""


class BetterWords(QTranslator):
    def isEmpty(self) -> bool:
        return False

    def translate(
        self,
        context: str | bytes,
        sourceText: str | bytes,  # noqa: N803 - the name that Qt gives
        disambiguation: str | bytes | None = None,
        n: int = -1,
    ) -> str:
        if context != "QPlatformTheme":
            return None  # type: ignore[return-value]  # a null string: ask the next translator
        return BETTER.get(str(sourceText).replace("&", ""))  # type: ignore[return-value]  # the same


def speak_russian(app: QApplication) -> None:
    """Once for an application; later calls do nothing."""
    if app.findChild(BetterWords) is not None:
        return
    QLocale.setDefault(QLocale(QLocale.Language.Russian, QLocale.Country.Russia))
    _install(app, QTranslator(app), "qtbase_ru")
    app.installTranslator(BetterWords(app))


def _install(parent: QObject, translator: QTranslator, name: str) -> None:
    if translator.load(name, QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        QApplication.installTranslator(translator)
