"""The tenant: a college and its desks."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Mapped

from common.kit.columns import day, flag, integer, ref, text, unique
from common.kit.dates import REGION_ZONE
from common.kit.entity import CollegeOwned, Regional
from common.kit.kinds import P0, P1
from common.kit.rights import Section


class College(Regional):
    """A professional educational organisation (ПОО)."""

    __tablename__ = "college"
    __title__ = "Организации"
    __one__ = "Организация"
    __section__ = Section.COLLEGES
    __table_args__ = (unique("code", regional=True),)

    code: Mapped[str] = text("Код", 20, pd=P0)
    short_name: Mapped[str] = text("Краткое наименование", 200, pd=P0, search=True)
    full_name: Mapped[str] = text("Полное наименование", 500, pd=P0, in_list=False)
    town: Mapped[str] = text("Город", 100, pd=P0)
    address: Mapped[str | None] = text("Адрес", 500, pd=P0, in_list=False, default=None)
    phone: Mapped[str | None] = text("Телефон", 50, pd=P0, in_list=False, default=None)
    head_post: Mapped[str | None] = text(
        "Должность руководителя (кому)", 200, pd=P0, in_list=False, default=None
    )
    head_name: Mapped[str | None] = text(
        "Руководитель (кому)", 200, pd=P0, in_list=False, default=None
    )
    zone: Mapped[str] = text("Часовой пояс", 50, pd=P0, in_list=False, default=REGION_ZONE)
    working_days: Mapped[int] = integer(
        "Учебных дней в неделе", 5, 6, pd=P0, in_list=False, default=6
    )
    seal_key: Mapped[str | None] = text(
        "Ключ для запечатанных записей",
        100,
        pd=P0,
        in_list=False,
        default=None,
        help="строка age1…; закрытая половина хранится у администратора",
    )
    parents: Mapped[bool] = flag(
        "Учётные записи родителей",
        pd=P0,
        in_list=False,
        default=False,
        help="выключены, пока не решено иначе",
    )
    demo: Mapped[bool] = flag("Учебные данные", pd=P0, in_list=False, default=False)


class Desk(CollegeOwned):
    """One account at one computer; its series leads the numbers it gives offline (SYNC 1)."""

    __tablename__ = "desk"
    __title__ = "Рабочие места"
    __one__ = "Рабочее место"
    __section__ = Section.COLLEGES
    __table_args__ = (unique("series"),)

    series: Mapped[str] = text("Серия номеров", 3, pd=P0)
    computer: Mapped[str] = text("Компьютер", 200, pd=P0)
    account_id: Mapped[UUID] = ref("Учётная запись", "account", pd=P1)
    opened_on: Mapped[dt.date] = day("Открыто", pd=P0)
    closed_on: Mapped[dt.date | None] = day("Закрыто", pd=P0, default=None)
