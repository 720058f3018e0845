"""Templates of an office: their language, what the checker says of thirty faults, and what may not be in them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import qn

import common.all  # noqa: F401  every name is read off the declarations
from common.kit.entity import entities
from common.kit.errors import Invalid
from common.papers import filling
from common.papers.docx_template import MOST_ENTRIES, Checked, check
from common.papers.field_tree import children, collect, forest
from common.papers.filling import Answered, examine, fill
from common.papers.nodes import Kind
from common.people.kinds import NameCase, Sex
from tests.hostile import TEXTS

PERSON, GROUP, OWN, BOOK = (UUID(int=n) for n in (7, 8, 9, 10))
Lay = Callable[[Any], None]
HOLDER = "физическое_лицо"


def made(*paragraphs: str, lay: Lay | None = None) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if lay is not None:
        lay(document)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def table(*rows: tuple[str, ...]) -> Lay:
    def lay(document: Any) -> None:
        laid = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, texts in zip(laid.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text

    return lay


class Records:
    """What may be read of one applicant; tells what was asked for."""

    college, today = UUID(int=5), dt.date(2026, 8, 1)

    def __init__(self, **person: Any) -> None:
        self.asked: list[str] = []
        self.person = {
            "last_name": "Иванова",
            "first_name": "Анна",
            "middle_name": "Петровна",
            "birth_date": dt.date(2008, 9, 1),
            "sex": Sex.FEMALE,
        } | person
        self.settled: list[tuple[UUID, Mapping[str, Any]]] = []

    def get(self, entity: str, id: UUID) -> Mapping[str, Any] | None:
        self.asked.append(entity)
        known: dict[str, Mapping[str, Any]] = {
            "applicant": {
                "person_id": PERSON,
                "needs_hostel": True,
                "reg_no": "17",
                "registered_at": dt.datetime(2026, 6, 20, 3, 30, tzinfo=dt.UTC),
            },
            "person": self.person,
            "college": {"short_name": "КемПК"},
            "competitive_group": {"org_specialty_id": OWN},
            "org_specialty": {"specialty_id": BOOK},
            "specialty": {"name": "Сварщик"},
        }
        return known.get(entity)

    def parts(
        self, entity: str, column: str, owner: UUID
    ) -> Iterable[tuple[UUID, Mapping[str, Any]]]:
        self.asked.append(entity)
        if entity == "application":
            return [(GROUP, {"priority": n, "competitive_group_id": GROUP if n == 1 else None}) for n in (1, 2)]  # fmt: skip
        return self.settled if entity == "person_name_case" else []

    def local(self, moment: dt.datetime) -> dt.datetime:
        return moment + dt.timedelta(hours=7)


def checked(content: bytes) -> Checked:
    return check(content, forest("applicant"))


def filled(content: bytes, records: Records | None = None) -> Any:
    known = checked(content)
    assert known.faults == ()
    snapshot = collect(known.used, "applicant", UUID(int=3), records or Records())
    (paper,) = fill(content, forest("applicant"), [snapshot])
    assert paper.said == ""
    return Document(io.BytesIO(paper.content))


def texts(document: Any) -> list[str]:
    return [p.text for p in document.paragraphs]


def cells(document: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in document.tables[0].rows]


def test_fields_are_written_as_asked() -> None:
    shown = filled(
        made(
            f"{{{{ {HOLDER}.фио | родительный }}}}; {{{{ {HOLDER}.фио | инициалы }}}}",
            f"{{{{{HOLDER}.дата_рождения|словами}}}} / {{{{ {HOLDER}.дата_рождения }}}}",
            "{{ дата_регистрации }}, {{ сегодня | для_приказа }}, {{ организация.краткое_наименование }}",
            "{{ рег_номер }} {{ изучаемый_язык | если_пусто(«нет») }}",
            "{{ заявления.приоритет | словами }} {{ физическое_лицо.адреса.адрес_одной_строкой }}.",
        )
    )
    assert texts(shown) == [
        "Ивановой Анны Петровны; Иванова\u00a0А.\u00a0П.",
        "1 сентября 2008 г. / 01.09.2008",
        "20.06.2026 10:30, «01» августа 2026 г., КемПК",
        "17 нет",
        "один .",
    ]


def test_word_may_cut_a_tag_into_pieces_and_change_its_quotes() -> None:
    def lay(document: Any) -> None:
        paragraph = document.add_paragraph()
        for piece in (
            "от {",
            "{ физическое",
            "_лицо.фио | дат",
            "ельный }",
            "} и {{ рег_номер }}.",
        ):
            paragraph.add_run(piece).bold = len(piece) % 2 == 0

    assert texts(filled(made(lay=lay))) == ["от Ивановой Анне Петровне и 17."]
    said = (
        "{% если физическое_лицо.пол == “Женский” и не изучаемый_язык %}да{% иначе %}нет{% конец %}"
    )
    assert texts(filled(made(said))) == ["да"]


def test_paragraphs_and_rows_are_repeated_and_left_out_whole() -> None:
    content = made(
        "{% если нуждается_в_общежитии %}",
        "Нужно общежитие",
        "{% иначе %}",
        "Не нужно",
        "{% конец %}",
        lay=table(
            ("№", "Специальность"),
            ("{% для выбор из заявления %}", ""),
            ("{{ номер_строки }}", "{{ выбор.конкурсная_группа.специальность.специальность.наименование }}"),
            ("{% конец %}", ""),
        ),
    )  # fmt: skip
    shown = filled(content)
    assert texts(shown)[:1] == ["Нужно общежитие"]
    assert "Не нужно" not in texts(shown)
    assert cells(shown) == [["№", "Специальность"], ["1", "Сварщик"], ["2", ""]]


def test_headers_and_footers_are_filled_too() -> None:
    def lay(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "№ {{ рег_номер }}"
        document.sections[0].footer.paragraphs[0].text = "{{ нет_такого }}"

    (fault,) = checked(made(lay=lay)).faults
    assert fault.place == "нижний колонтитул, абзац 1"

    def mended(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "№ {{ рег_номер }}"

    assert filled(made(lay=mended)).sections[0].header.paragraphs[0].text == "№ 17"


def test_nothing_that_a_template_does_not_name_is_read() -> None:
    records = Records()
    snapshot = collect(
        checked(made("{{ физическое_лицо.фамилия }}")).used, "applicant", UUID(int=3), records
    )
    assert records.asked == ["applicant", "person"]
    assert list(snapshot) == [HOLDER]
    assert list(snapshot[HOLDER]) == ["фамилия"]


def test_a_registrar_overrules_the_cases() -> None:
    records = Records(last_name="Коваль", sex=None)
    content = made("{{ физическое_лицо.фио | дательный }}")
    assert texts(filled(content, records)) == ["Коваль Анна Петровна"]
    records.settled = [(GROUP, {"case": NameCase.DATIVE, "written": "Коваль Анне Петровне"})]
    assert texts(filled(content, records)) == ["Коваль Анне Петровне"]


def test_a_record_that_may_not_be_seen_leaves_its_fields_empty() -> None:
    class Blind(Records):
        def get(self, entity: str, id: UUID) -> Mapping[str, Any] | None:
            return None if entity == "person" else super().get(entity, id)

    content = made(
        "[{{ физическое_лицо.фио | заглавными }}{{ физическое_лицо.дата_рождения | словами }}]"
    )
    assert texts(filled(content, Blind())) == ["[]"]


def test_hostile_values_are_only_text() -> None:
    content = made("[{{ физическое_лицо.фамилия }}]")
    used = checked(content).used
    values = list(TEXTS.values())
    taken = [collect(used, "applicant", UUID(int=3), Records(last_name=v)) for v in values]
    for value, paper in zip(values, fill(content, forest("applicant"), taken), strict=True):
        (shown,) = texts(Document(io.BytesIO(paper.content)))
        assert (shown[0], shown[-1]) == ("[", "]")
        for sign in ("<", "&", "{{", "=", "'"):
            assert shown.count(sign) == value.count(sign), value


def test_bytes_hang_on_template_and_snapshot_alone_and_one_bad_record_stops_nobody() -> None:
    content = made("{{ рег_номер }}")
    snapshot = collect(checked(content).used, "applicant", UUID(int=3), Records())
    good, bad, again = fill(content, forest("applicant"), [snapshot, {}, snapshot])
    assert good == again
    assert bad == Answered(said=filling.NOT_FILLED)


ROWS = "{% для выбор из заявления %}"
END = "{% конец %}"
FAULTS: list[tuple[bytes, str, str]] = [
    (made("Текст", "{{ рег_номр }}"), "абзац 2", "нет поля «рег_номр»; может быть, «рег_номер»"),
    (made("{{ физическое_лицо.фамилиия }}"), "абзац 1", "может быть, «фамилия»"),
    (made("{{ физическое_лицо.фио | дательнй }}"), "абзац 1", "может быть, «дательный»"),
    (made("{{ рег_номер | словами }}"), "абзац 1", "здесь текст"),
    (made("{{ физическое_лицо }}"), "абзац 1", "назовите её поле через точку"),
    (made("{{ заявления }}"), "абзац 1", "поставьте его в повтор"),
    (made("{{ рег_номер.длина }}"), "абзац 1", "нет полей"),
    (made("{{ }}"), "абзац 1", "метка пуста"),
    (made("{{ рег_номер"), "абзац 1", "скобки без пары"),
    (made("рег_номер }} и текст"), "абзац 1", "скобки без пары"),
    (made("{{ рег_номер }", "}"), "абзац 1", "скобки без пары"),
    (made("{{ рег номер }}"), "абзац 1", "не читается"),
    (made("{{ 'x' * 10 ** 9 }}"), "абзац 1", "так написать нельзя"),
    (made("{{ ''.__class__ }}"), "абзац 1", "перед точкой может стоять только поле"),
    (made("{{ рег_номер.__class__.__mro__ }}"), "абзац 1", "нет полей"),
    (made("{{ range(1000000000) }}"), "абзац 1", "так написать нельзя"),
    (made("{{ рег_номер[0] }}"), "абзац 1", "так написать нельзя"),
    (made("{{ организация.код() }}"), "абзац 1", "так написать нельзя"),
    (made("{% include 'x' %}"), "абзац 1", "«include» не начинает метку"),
    (made("{% set а = 1 %}"), "абзац 1", "«set» не начинает метку"),
    (made("{% длля выбор из заявления %}"), "абзац 1", "может быть, «для»"),
    (made("{% для выбор в заявления %}", END), "абзац 1", "пишут «для строка из список»"),
    (made("{% для выбор из рег_номер %}", END), "абзац 1", "повторять нечего"),
    (made("{% для рег_номер из заявления %}", END), "абзац 1", "назовите строку иначе"),
    (made(ROWS, "{{ выбор.приоритет }}"), "абзац 1", "нет конца"),
    (made(ROWS, "{{ выбор.приоритт }}", END), "абзац 2", "может быть, «приоритет»"),
    (made(ROWS, "{{ заявление.приоритет }}", END), "абзац 2", "нет поля «заявление»"),
    (made("текст", END), "абзац 2", "ничего не открыто"),
    (made(ROWS, "{% иначе %}", END), "абзац 2", "«иначе» без «если»"),
    (made(f"{ROWS}{{{{ выбор.приоритет }}}}", END), "абзац 2", "стоят по-разному"),
    (made("{% если %}", END), "абзац 1", "метка пуста"),
    (made("{% если рег_номер = 1 %}", END), "абзац 1", "не читается"),
    (made("{{ номер_строки }}"), "абзац 1", "нет поля «номер_строки»"),
    (made("{{ фамилия }}"), "абзац 1", "может быть, «физическое_лицо.фамилия»"),
    (made("{{ рег_номер | прописью }}"), "абзац 1", "есть: родительный"),
    (made(ROWS, "{{ заявления.приоритет }}", END), "абзац 2", "внутри повтора пишут «выбор.приоритет»"),
    (made("{{ loop.index }}"), "абзац 1", "нет поля «loop»"),
    (made("{% для loop из заявления %}", END), "абзац 1", "не имя для строки"),
    (made("{% для 1 из заявления %}", END), "абзац 1", "не имя для строки"),
    (made("{% если рег_номер %}", "{% иначе %}", "{% иначе %}", END), "абзац 3", "второе «иначе»"),
    (made("{% если нуждается_в_общежитии == «да» %}", END), "абзац 1", "поле «да или нет» не сравнивают"),
    (made("{% если дата_регистрации == «20.06.2026» %}", END), "абзац 1", "дату сравнивают с датой"),
    (made("{% если заявления.приоритет == «1» %}", END), "абзац 1", "число с числом"),
    (made("{% если «а» in рег_номер %}", END), "абзац 1", "так не сравнить"),
    (made("{% если рег_номер == «50%» %}", END), "абзац 1", "знака %"),
    (made("{{ рег_номер | если_пусто(«{%p if 1 %}») }}"), "абзац 1", "фигурных скобок"),
    (made("{# не для всех #}"), "абзац 1", "скобки без пары"),
    (made(lay=table(("а", "б"), (ROWS, ""), ("{{ выбор.приоритет }}", ""))), "таблица 1, строка 2, столбец 1", "нет конца"),
    (made(lay=table((ROWS, ""), ("{{ выбор.приоритт }}", ""), (END, ""))), "таблица 1, строка 2, столбец 1", "может быть, «приоритет»"),
    (made(END, lay=table((ROWS, ""), ("1", ""))), "абзац 1", "ничего не открыто"),
    (made("{{ рег_номер | если_пусто }}"), "абзац 1", "если_пусто"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "place", "said"), FAULTS)
def test_each_fault_is_named_by_its_paragraph(content: bytes, place: str, said: str) -> None:
    faults = checked(content).faults
    assert faults
    assert faults[0].place == place
    assert said in faults[0].said


def test_a_template_with_faults_is_not_filled() -> None:
    content = made("{{ рег_номр }}", "{{ }}")
    assert len(examine(content, forest("applicant")).faults) == 2
    with pytest.raises(Invalid, match=r"В шаблоне ошибка: абзац 1, .* \(и ещё 1\)"):
        fill(content, forest("applicant"), [{}])


def titled(document: Any) -> None:
    document.core_properties.title = "{{ 1 + 1 }}"


def attributed(document: Any) -> None:
    document.add_paragraph("текст")._p.set(qn("w:rsidR"), "{{ рег_номер.__class__ }}")


def coded(document: Any) -> None:
    run = document.add_paragraph("текст").add_run()._r
    code = run.makeelement(qn("w:instrText"), {})
    code.text = "{% for x in y %}"
    run.append(code)


def halved(document: Any) -> None:
    document.add_paragraph("{")
    document.add_paragraph("{ источник }")
    document.add_paragraph("}")


@pytest.mark.parametrize("lay", [attributed, coded, halved])
def test_a_tag_that_no_paragraph_has_is_no_tag(lay: Lay) -> None:
    content = made("{{ рег_номер }} {скобка}", lay=lay)
    assert checked(content).faults == ()
    (fault,) = examine(content, forest("applicant")).faults
    assert fault.place == "вне текста"
    with pytest.raises(Invalid, match="вне текста"):
        fill(content, forest("applicant"), [{}])


def test_a_condition_may_hold_any_signs() -> None:
    said = "{% если физическое_лицо.фамилия == «О'Нил & <В> \\» %}да{% иначе %}нет{% конец %}"
    assert texts(filled(made(said), Records(last_name="О'Нил & <В> \\"))) == ["да"]
    assert texts(filled(made("{{ изучаемый_язык | если_пусто('нет и не было & <нет>') }}"))) == [
        "нет и не было & <нет>"
    ]
    later = "{% если дата_регистрации < сегодня и заявления.приоритет >= 1 %}да{% конец %}"
    assert texts(filled(made(later))) == ["да"]


def test_a_title_with_braces_is_left_alone() -> None:
    assert filled(made("{{ рег_номер }}", lay=titled)).core_properties.title == "{{ 1 + 1 }}"


def test_what_word_wants_in_a_document_stays_in_it() -> None:
    def lay(document: Any) -> None:
        cell = document.add_table(rows=1, cols=1).rows[0].cells[0]
        cell.paragraphs[0].text = "{% если изучаемый_язык %}"
        for text in ("язык", "{% конец %}"):
            cell.add_paragraph(text)
        document.add_section()  # its mark stands in the paragraph before
        table((ROWS, ""), ("{{ выбор.приоритет }}", ""), (END, ""))(document)
        held = document.add_paragraph("{{ рег_номер }}")._p
        box = held.makeelement(qn("w:sdt"), {})
        inside = box.makeelement(qn("w:sdtContent"), {})
        held.addprevious(box)
        box.append(inside)
        inside.append(held)

    shown = filled(made("до", lay=lay))
    first, second = shown.tables
    assert len(first.rows[0].cells[0]._tc.findall(qn("w:p"))) == 1
    assert [row.cells[0].text for row in second.rows] == ["1", "2"]
    assert len(shown.sections) == 2


def test_a_tag_beside_a_picture_or_a_section_is_not_alone_in_its_paragraph() -> None:
    def lay(document: Any) -> None:
        document.add_paragraph("{% если рег_номер %}").add_run().add_break()
        document.add_paragraph(END)

    (fault, *_) = checked(made(lay=lay)).faults
    assert "стоят по-разному" in fault.said


def test_one_that_comes_to_the_limits_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    content = made("{{ рег_номер }}")
    snapshot = collect(checked(content).used, "applicant", UUID(int=3), Records())
    real = filling._told

    def told(content: bytes, forest: Any, snapshots: Any) -> Any:
        if {} in snapshots:
            raise filling.TooMuch(filling.TOO_MUCH)
        return real(content, forest, snapshots)

    monkeypatch.setattr(filling, "_told", told)
    good, bad = fill(content, forest("applicant"), [snapshot, {}])
    assert good.content
    assert bad.said == filling.TOO_MUCH


def rezipped(content: bytes, **more: bytes) -> bytes:
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in more.items():
            archive.writestr(name, inside)
    return made.getvalue()


def pictured(document: Any) -> None:
    document.part.relate_to("http://a/hyperlink/b.png", RT.IMAGE, is_external=True)


def fetching(document: Any) -> None:
    run = document.add_paragraph().add_run()._r
    for piece in (" INCLU", 'DEPICTURE "http://a/b.png" '):
        code = run.makeelement(qn("w:instrText"), {})
        code.text = piece
        run.append(code)


def packed(document: Any) -> None:
    document.part.relate_to(document.part, RT.OLE_OBJECT)


def linked(document: Any) -> None:
    document.part.relate_to("https://a/b", RT.HYPERLINK, is_external=True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "повреждён"),
        (made("а")[:-200], "повреждён"),
        (b"PK\x03\x04" + b"0" * 100, "повреждён"),
        (rezipped(made("а"), **{"word/vbaProject.bin": b"x"}), "макросы"),
        (made("а", lay=pictured), "из другого места"),
        (made("а", lay=fetching), "из другого места"),
        (made("а", lay=packed), "вложенный файл"),
        (rezipped(made("а"), **{"bomb.xml": b"0" * 70_000_000}), "слишком велик"),
        (rezipped(made("а"), **{f"n{n}": b"" for n in range(MOST_ENTRIES)}), "слишком велик"),
        (b"0" * 11_000_000, "больше"),
    ],
)
def test_files_that_are_no_templates_are_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        checked(content)


def test_a_link_in_the_text_is_no_harm() -> None:
    assert checked(made("{{ рег_номер }}", lay=linked)).faults == ()


def test_what_comes_to_its_limits_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "PATIENCE", 0.01)
    with pytest.raises(Invalid, match="в отведённых пределах"):
        examine(made("а"), forest("applicant"))


def test_the_parent_learns_what_is_named_and_whether_in_another_case() -> None:
    told = examine(made("{{ физическое_лицо.фио | дательный }}"), forest("applicant"))
    assert (list(told.used), list(told.used[HOLDER].below), told.cased) == ([HOLDER], ["фио"], True)
    assert not examine(made("{{ физическое_лицо.фио }}"), forest("applicant")).cased


def test_every_declared_field_has_a_name_that_a_template_can_hold() -> None:
    for entity in entities():
        for name, node in children(entity.__tablename__).items():
            assert name.isidentifier(), name
            assert not name.startswith("_"), name
            assert name != "type"
            assert (node.kind in {Kind.RECORD, Kind.LIST}) == bool(node.target)
            assert not name.endswith("_2"), (entity, name)
