"""shared views and distinct people.

Revision 0014 after 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "administration_view",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("list_name", sa.String(length=60), nullable=False),
        sa.Column("layout", sa.String(length=20000), nullable=False),
        sa.Column("asked", sa.String(length=20000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_administration_view")),
    )
    op.create_table(
        "admissions_view",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_p2", sa.String(length=20000), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("list_name", sa.String(length=60), nullable=False),
        sa.Column("layout", sa.String(length=20000), nullable=False),
        sa.Column("asked", sa.String(length=20000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_admissions_view")),
    )
    op.create_table(
        "distinct_person",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "other_id"],
            ["person.college_id", "person.id"],
            name=op.f("fk_distinct_person_college_id_other_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["college_id", "person_id"],
            ["person.college_id", "person.id"],
            name=op.f("fk_distinct_person_college_id_person_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_distinct_person")),
    )
    with op.batch_alter_table("distinct_person", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_distinct_person_college_id_other_id"),
            ["college_id", "other_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_distinct_person_college_id_person_id"),
            ["college_id", "person_id"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("distinct_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_distinct_person_college_id_person_id"))
        batch_op.drop_index(batch_op.f("ix_distinct_person_college_id_other_id"))

    op.drop_table("distinct_person")
    op.drop_table("admissions_view")
    op.drop_table("administration_view")
