"""Every entity is declared whole: one test a rule, one case an entity, so that a gap names its entity."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import configure_mappers

import common.all  # noqa: F401  the declarations under test
from common.admissions.entities import AdmissionBenefit, Applicant
from common.admissions.kinds import ApplicationState
from common.kit.buckets import is_book, is_rooted, root_of, sections_of, tops_of
from common.kit.columns import Instant
from common.kit.dated import Dated
from common.kit.entity import CollegeOwned, Entity, Regional, describe, entities, spec_of
from common.kit.kinds import P0, P3, Choice, PersonalData
from common.kit.rights import Section
from common.kit.spec import Field
from common.people.entities import IdentityDocument, Person

configure_mappers()
ENTITIES = list(entities())
every_entity = pytest.mark.parametrize("entity", ENTITIES, ids=lambda e: e.__name__)

IDENTIFYING = {
    "snils", "inn", "number", "phone", "value", "last_name", "first_name", "middle_name",
    "birth_date", "full", "reg_no", "medical_policy",
}  # fmt: skip


def table(entity: type[Entity]) -> sa.Table:
    return Entity.metadata.tables[entity.__tablename__]


@every_entity
def test_has_a_title_of_many_and_of_one_and_a_section(entity: type[Entity]) -> None:
    assert entity.__title__
    assert entity.__one__
    assert isinstance(entity.__section__, Section)


@every_entity
def test_belongs_to_one_college_or_to_the_region(entity: type[Entity]) -> None:
    assert issubclass(entity, CollegeOwned) != issubclass(entity, Regional)


@every_entity
def test_keys_of_a_college_lead_with_the_college(entity: type[Entity]) -> None:
    if issubclass(entity, CollegeOwned):
        assert [c.name for c in table(entity).primary_key] == ["college_id", "id"]
        for index in table(entity).indexes:
            assert next(iter(index.columns)).name == "college_id", index.name


@every_entity
def test_unique_keys_are_over_live_rows_and_identify_no_human_being(entity: type[Entity]) -> None:
    for index in table(entity).indexes:
        if index.unique:
            assert index.dialect_options["postgresql"]["where"] is not None
            assert index.dialect_options["sqlite"]["where"] is not None
            if describe(entity).section is not Section.REFERENCE:
                assert not {c.name for c in index.columns} & IDENTIFYING, index.name


@every_entity
def test_every_column_has_a_label_and_a_class_of_personal_data(entity: type[Entity]) -> None:
    for column in table(entity).columns:
        field = column.info.get("field")
        assert isinstance(field, Field), column
        assert isinstance(field.pd, PersonalData)
        assert field.label


@every_entity
def test_labels_are_one_a_column(entity: type[Entity]) -> None:
    labels = [f.label for f in describe(entity).fields]
    assert len(labels) == len(set(labels)), "Excel finds a column by its label"


@every_entity
def test_a_reference_cannot_leave_its_college_and_is_never_set_null(entity: type[Entity]) -> None:
    for f in describe(entity).fields:
        if f.target is None:
            continue
        key = next(k for k in table(entity).foreign_key_constraints if f.name in k.columns)
        assert key.ondelete == "RESTRICT"
        regional = describe(next(e for e in ENTITIES if e.__tablename__ == f.target)).regional
        assert ("college_id" in key.columns) != regional


@every_entity
def test_owners_are_real_and_lead_to_a_root(entity: type[Entity]) -> None:
    spec = describe(entity)
    assert sections_of(spec.name)
    assert (
        describe(next(e for e in ENTITIES if e.__tablename__ == root_of(spec.name))).part_of is None
    )
    for reference in spec.brings:
        assert spec[reference].target


@every_entity
def test_every_choice_is_in_russian(entity: type[Entity]) -> None:
    for f in describe(entity).fields:
        if issubclass(f.type, Choice):
            assert all((m.label and not m.label.isascii()) or m.label.isdigit() for m in f.type), (
                f.name
            )


@every_entity
def test_dated_rows_carry_their_basis(entity: type[Entity]) -> None:
    if issubclass(entity, Dated):
        assert {"valid_from", "valid_to", "basis"} <= set(describe(entity).by_name)


@every_entity
def test_nothing_of_a_row_is_a_float(entity: type[Entity]) -> None:
    for column in table(entity).columns:
        assert not isinstance(column.type, sa.Float | sa.Numeric), column


def test_restricted_data_is_restricted() -> None:
    assert describe(Person)["nationality"].field.pd is P3
    assert {f.field.pd for f in describe(AdmissionBenefit).fields} == {P3}
    for name in ("special_conditions", "medical_ok", "military_record"):
        assert describe(Applicant)[name].field.pd is P3


def test_numbers_of_papers_are_not_open_to_everybody() -> None:
    assert describe(Person)["snils"].field.pd is not P0
    assert all(f.field.pd is not P0 for f in describe(IdentityDocument).fields)


def test_what_makes_sense_only_whole_conflicts_whole() -> None:
    assert describe(Person).atom_of("last_name") == ("last_name", "first_name", "middle_name")
    assert describe(IdentityDocument).atom_of("series") == (
        "kind_id", "series", "number", "issued_on", "issued_by", "department_code", "valid_to",
    )  # fmt: skip


def test_states_of_an_application_read_as_the_regulation_has_them() -> None:
    assert [s.label for s in ApplicationState] == [
        "Черновик", "Подано", "На проверке", "Запрошены документы", "Принято", "Участвует в конкурсе",
        "Рекомендовано к зачислению", "Зачислено", "Не прошло по конкурсу", "Отозвано", "Отклонено",
        "Документы возвращены",
    ]  # fmt: skip


def test_instants_refuse_a_time_without_a_zone() -> None:
    import datetime as dt

    kind: Any = Instant()
    with pytest.raises(ValueError, match="zone"):
        kind.process_bind_param(dt.datetime(2026, 1, 1), None)  # noqa: DTZ001  what is refused


def places_of(name: str) -> set[tuple[bool, bool]]:
    """(somebody's own, of a year) of the buckets that hold rows of this entity."""
    return {(bool(spec_of(top).root), bool(spec_of(top).yearly)) for top in tops_of(name)}


def test_what_is_somebodys_own_shares_no_bucket_with_what_everybody_reads() -> None:
    """A grant over one's own opens the books of its section: nobody's record may lie among them."""
    for entity in ENTITIES:
        spec = describe(entity)
        if is_rooted(spec.name):
            assert places_of(spec.name) == {(True, True)}, spec.name
    books = {(s, pd) for s, pd, name in _facets() if is_book(name)}
    others = {(s, pd) for s, pd, name in _facets() if not is_book(name) and not is_rooted(name)}
    assert not books & others


def _facets() -> list[tuple[Section, PersonalData, str]]:
    specs = [describe(entity) for entity in ENTITIES]
    return [
        (s, pd, spec.name) for spec in specs for s in sections_of(spec.name) for pd in spec.classes
    ]


def test_an_ordered_list_is_of_parts_and_has_a_name_of_its_own_at_its_owner() -> None:
    ordered = [spec for spec in map(describe, ENTITIES) if spec.ordered]
    assert [spec.name for spec in ordered] == ["application"]
    for spec in ordered:
        assert spec.part_of is not None
        owner = spec_of(spec[spec.part_of].target or "")
        assert spec[spec.ordered].type is int
        assert spec.name in owner.lists
        assert spec.name not in {f.name for f in owner.fields}
