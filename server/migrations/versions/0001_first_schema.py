"""First schema.

Revision 0001 after nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "account",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_account")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("uq_account_college_id_login"),
            ["college_id", "login"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "admission_campaign",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("commission_order_number", sa.String(length=30), nullable=True),
        sa.Column("commission_order_date", sa.Date(), nullable=True),
        sa.Column("chair", sa.String(length=200), nullable=True),
        sa.Column("secretary", sa.String(length=200), nullable=True),
        sa.Column("most_programmes", sa.Integer(), nullable=True),
        sa.Column("work_hours", sa.String(length=200), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=True),
        sa.Column("phone", sa.String(length=50), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_admission_campaign")),
    )
    with op.batch_alter_table("admission_campaign", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("uq_admission_campaign_college_id_year"),
            ["college_id", "year"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "admission_deadline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=True),
        sa.Column("base", sa.String(length=40), nullable=True),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("day_of_month", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission_deadline")),
    )
    op.create_table(
        "audit",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("college_id", "seq", name=op.f("pk_audit")),
    )
    op.create_table(
        "benefit_kind",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit_kind")),
    )
    with op.batch_alter_table("benefit_kind", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("uq_benefit_kind_code"),
            ["code"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "clock",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("college_id", name=op.f("pk_clock")),
    )
    op.create_table(
        "clock_mark",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("college_id", "seq", name=op.f("pk_clock_mark")),
    )
    op.create_table(
        "college",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("short_name", sa.String(length=200), nullable=False),
        sa.Column("full_name", sa.String(length=500), nullable=False),
        sa.Column("town", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=True),
        sa.Column("phone", sa.String(length=50), nullable=True),
        sa.Column("head_post", sa.String(length=200), nullable=True),
        sa.Column("head_name", sa.String(length=200), nullable=True),
        sa.Column("zone", sa.String(length=50), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_college")),
    )
    with op.batch_alter_table("college", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("uq_college_code"),
            ["code"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "country",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=3), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("full_name", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_country")),
    )
    with op.batch_alter_table("country", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("uq_country_code"),
            ["code"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "device",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("last_no", sa.BigInteger(), nullable=False),
        sa.Column("settled_to", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("college_id", "device", name=op.f("pk_device")),
    )
    op.create_table(
        "document_kind",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("use", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_kind")),
    )
    with op.batch_alter_table("document_kind", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("uq_document_kind_code"),
            ["code"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "login",
        sa.Column("login", sa.String(length=32), nullable=False),
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_login")),
    )
    op.create_table(
        "number_lease",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.String(length=3), nullable=False),
        sa.Column("book", sa.String(length=60), nullable=False),
        sa.Column("top", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("college_id", "series", "book", name=op.f("pk_number_lease")),
    )
    op.create_table(
        "number_used",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.String(length=3), nullable=False),
        sa.Column("book", sa.String(length=60), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "college_id", "series", "book", "number", name=op.f("pk_number_used")
        ),
    )
    op.create_table(
        "operation",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("entity", sa.String(length=60), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=True),
        sa.Column("said", sa.String(length=2000), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("resolved", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("college_id", "uuid", name=op.f("pk_operation")),
    )
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_operation_college_id_device_no"),
            ["college_id", "device", "no"],
            unique=False,
        )

    op.create_table(
        "person",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("middle_name", sa.String(length=100), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("sex", sa.String(length=40), nullable=True),
        sa.Column("birth_place", sa.String(length=500), nullable=True),
        sa.Column("snils", sa.String(length=11), nullable=True),
        sa.Column("snils_state", sa.String(length=40), nullable=False),
        sa.Column("inn", sa.String(length=12), nullable=True),
        sa.Column("medical_policy", sa.String(length=40), nullable=True),
        sa.Column("nationality", sa.String(length=100), nullable=True),
        sa.Column("death_date", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_person")),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("permissions", sa.String(length=8000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
    )
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("uq_role_code"),
            ["code"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "russian_region",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_russian_region")),
    )
    with op.batch_alter_table("russian_region", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("uq_russian_region_code"),
            ["code"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "server_fact",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_server_fact")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_failure_login_at"), ["login", "at"], unique=False
        )

    op.create_table(
        "specialty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("ugs_code", sa.String(length=8), nullable=False),
        sa.Column("list_basis", sa.String(length=30), nullable=False),
        sa.Column("qualifications", sa.String(length=1000), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specialty")),
    )
    with op.batch_alter_table("specialty", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("uq_specialty_code_list_basis_name"),
            ["code", "list_basis", "name"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "sync_bucket",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("section", sa.String(length=30), nullable=False),
        sa.Column("pd", sa.String(length=2), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("college_id", "number", name=op.f("pk_sync_bucket")),
        sa.UniqueConstraint(
            "college_id",
            "scope",
            "section",
            "pd",
            "year",
            name=op.f("uq_sync_bucket_college_id_scope_section_pd_year"),
        ),
    )
    op.create_table(
        "sync_entry",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("bucket", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "facet",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "college_id", "bucket", "facet", "row_id", name=op.f("pk_sync_entry")
        ),
    )
    with op.batch_alter_table("sync_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sync_entry_college_id_bucket_seq_facet_row_id"),
            ["college_id", "bucket", "seq", "facet", "row_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_sync_entry_college_id_row_id"), ["college_id", "row_id"], unique=False
        )

    op.create_table(
        "token",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_token")),
    )
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_token_college_id_account_id"), ["college_id", "account_id"], unique=False
        )

    op.create_table(
        "address",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("full", sa.String(length=1024), nullable=False),
        sa.Column("index", sa.String(length=6), nullable=True),
        sa.Column("region_code", sa.String(length=2), nullable=True),
        sa.Column("area", sa.String(length=200), nullable=True),
        sa.Column("city", sa.String(length=200), nullable=True),
        sa.Column("city_area", sa.String(length=200), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=True),
        sa.Column("house", sa.String(length=20), nullable=True),
        sa.Column("building1", sa.String(length=20), nullable=True),
        sa.Column("building2", sa.String(length=20), nullable=True),
        sa.Column("apartment", sa.String(length=20), nullable=True),
        sa.Column("is_rural", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "person_id"],
            ["person.college_id", "person.id"],
            name=op.f("fk_address_college_id_person_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_address")),
    )
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_address_college_id_person_id"), ["college_id", "person_id"], unique=False
        )

    op.create_table(
        "campaign_stage",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("needs_tests", sa.Boolean(), nullable=False),
        sa.Column("date_from", sa.Date(), nullable=False),
        sa.Column("date_to", sa.Date(), nullable=False),
        sa.Column("time_to", sa.String(length=5), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "campaign_id"],
            ["admission_campaign.college_id", "admission_campaign.id"],
            name=op.f("fk_campaign_stage_college_id_campaign_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_campaign_stage")),
    )
    with op.batch_alter_table("campaign_stage", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_campaign_stage_college_id_campaign_id"),
            ["college_id", "campaign_id"],
            unique=False,
        )

    op.create_table(
        "consent",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("signed_by", sa.String(length=40), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "person_id"],
            ["person.college_id", "person.id"],
            name=op.f("fk_consent_college_id_person_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consent_college_id_person_id"), ["college_id", "person_id"], unique=False
        )

    op.create_table(
        "contact",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "person_id"],
            ["person.college_id", "person.id"],
            name=op.f("fk_contact_college_id_person_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_college_id_person_id"), ["college_id", "person_id"], unique=False
        )

    op.create_table(
        "desk",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.String(length=3), nullable=False),
        sa.Column("computer", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "account_id"],
            ["account.college_id", "account.id"],
            name=op.f("fk_desk_college_id_account_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_desk")),
    )
    with op.batch_alter_table("desk", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_desk_college_id_account_id"), ["college_id", "account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("uq_desk_college_id_series"),
            ["college_id", "series"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "identity_document",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.String(length=10), nullable=True),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issued_by", sa.String(length=500), nullable=True),
        sa.Column("department_code", sa.String(length=7), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "person_id"],
            ["person.college_id", "person.id"],
            name=op.f("fk_identity_document_college_id_person_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["kind_id"],
            ["document_kind.id"],
            name=op.f("fk_identity_document_kind_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_identity_document")),
    )
    with op.batch_alter_table("identity_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_identity_document_college_id_kind_id"),
            ["college_id", "kind_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_identity_document_college_id_person_id"),
            ["college_id", "person_id"],
            unique=False,
        )

    op.create_table(
        "org_specialty",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("specialty_id", sa.Uuid(), nullable=False),
        sa.Column("offered", sa.String(length=40), nullable=False),
        sa.Column("short_code", sa.String(length=10), nullable=False),
        sa.Column("licence_since", sa.Date(), nullable=True),
        sa.Column("accredited_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["specialty_id"],
            ["specialty.id"],
            name=op.f("fk_org_specialty_specialty_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_org_specialty")),
    )
    with op.batch_alter_table("org_specialty", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_org_specialty_college_id_specialty_id"),
            ["college_id", "specialty_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("uq_org_specialty_college_id_specialty_id"),
            ["college_id", "specialty_id"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "person_citizenship",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("country_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "person_id"],
            ["person.college_id", "person.id"],
            name=op.f("fk_person_citizenship_college_id_person_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["country_id"],
            ["country.id"],
            name=op.f("fk_person_citizenship_country_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_person_citizenship")),
    )
    with op.batch_alter_table("person_citizenship", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_citizenship_college_id_country_id"),
            ["college_id", "country_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_person_citizenship_college_id_person_id"),
            ["college_id", "person_id"],
            unique=False,
        )

    op.create_table(
        "person_name",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("middle_name", sa.String(length=100), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "person_id"],
            ["person.college_id", "person.id"],
            name=op.f("fk_person_name_college_id_person_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_person_name")),
    )
    with op.batch_alter_table("person_name", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_name_college_id_person_id"),
            ["college_id", "person_id"],
            unique=False,
        )

    op.create_table(
        "person_name_case",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("written", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "person_id"],
            ["person.college_id", "person.id"],
            name=op.f("fk_person_name_case_college_id_person_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_person_name_case")),
    )
    with op.batch_alter_table("person_name_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_name_case_college_id_person_id"),
            ["college_id", "person_id"],
            unique=False,
        )

    op.create_table(
        "prior_education",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("kind_id", sa.Uuid(), nullable=True),
        sa.Column("series", sa.String(length=20), nullable=True),
        sa.Column("number", sa.String(length=30), nullable=True),
        sa.Column("registration_number", sa.String(length=50), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("org_name", sa.String(length=500), nullable=True),
        sa.Column("graduation_year", sa.Integer(), nullable=True),
        sa.Column("honours", sa.String(length=40), nullable=False),
        sa.Column("is_foreign", sa.Boolean(), nullable=False),
        sa.Column("recognition", sa.String(length=300), nullable=True),
        sa.Column("average", sa.Integer(), nullable=True),
        sa.Column("marks_sum", sa.Integer(), nullable=True),
        sa.Column("marks_count", sa.Integer(), nullable=True),
        sa.Column("profile_marks", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "person_id"],
            ["person.college_id", "person.id"],
            name=op.f("fk_prior_education_college_id_person_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["kind_id"],
            ["document_kind.id"],
            name=op.f("fk_prior_education_kind_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_prior_education")),
    )
    with op.batch_alter_table("prior_education", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_prior_education_college_id_kind_id"),
            ["college_id", "kind_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_prior_education_college_id_person_id"),
            ["college_id", "person_id"],
            unique=False,
        )

    op.create_table(
        "relative",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=True),
        sa.Column("middle_name", sa.String(length=100), nullable=True),
        sa.Column("is_legal_representative", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.String(length=100), nullable=True),
        sa.Column("work_place", sa.String(length=300), nullable=True),
        sa.Column("post", sa.String(length=200), nullable=True),
        sa.Column("identity", sa.String(length=500), nullable=True),
        sa.Column("basis", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "person_id"],
            ["person.college_id", "person.id"],
            name=op.f("fk_relative_college_id_person_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_relative")),
    )
    with op.batch_alter_table("relative", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_relative_college_id_person_id"),
            ["college_id", "person_id"],
            unique=False,
        )

    op.create_table(
        "required_document",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("condition", sa.String(length=300), nullable=True),
        sa.Column("need", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("blocks_enrolment", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "campaign_id"],
            ["admission_campaign.college_id", "admission_campaign.id"],
            name=op.f("fk_required_document_college_id_campaign_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_required_document")),
    )
    with op.batch_alter_table("required_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_required_document_college_id_campaign_id"),
            ["college_id", "campaign_id"],
            unique=False,
        )

    op.create_table(
        "role_grant",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("order_number", sa.String(length=30), nullable=False),
        sa.Column("order_date", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "account_id"],
            ["account.college_id", "account.id"],
            name=op.f("fk_role_grant_college_id_account_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["role.id"], name=op.f("fk_role_grant_role_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_role_grant")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_role_grant_college_id_account_id"),
            ["college_id", "account_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_role_grant_college_id_role_id"), ["college_id", "role_id"], unique=False
        )

    op.create_table(
        "applicant",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("reg_no", sa.String(length=20), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("prior_education_id", sa.Uuid(), nullable=True),
        sa.Column("language_studied", sa.String(length=50), nullable=True),
        sa.Column("needs_hostel", sa.Boolean(), nullable=False),
        sa.Column("return_method", sa.String(length=40), nullable=False),
        sa.Column("target_contract", sa.String(length=300), nullable=True),
        sa.Column("special_conditions", sa.String(length=500), nullable=True),
        sa.Column("medical_ok", sa.Boolean(), nullable=True),
        sa.Column("military_record", sa.String(length=200), nullable=True),
        sa.Column("unread", sa.String(length=4000), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "campaign_id"],
            ["admission_campaign.college_id", "admission_campaign.id"],
            name=op.f("fk_applicant_college_id_campaign_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["college_id", "person_id"],
            ["person.college_id", "person.id"],
            name=op.f("fk_applicant_college_id_person_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["college_id", "prior_education_id"],
            ["prior_education.college_id", "prior_education.id"],
            name=op.f("fk_applicant_college_id_prior_education_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_applicant")),
    )
    with op.batch_alter_table("applicant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_applicant_college_id_campaign_id"),
            ["college_id", "campaign_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_applicant_college_id_person_id"),
            ["college_id", "person_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_applicant_college_id_prior_education_id"),
            ["college_id", "prior_education_id"],
            unique=False,
        )

    op.create_table(
        "certificate_grade",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("prior_education_id", sa.Uuid(), nullable=False),
        sa.Column("subject_name", sa.String(length=150), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "prior_education_id"],
            ["prior_education.college_id", "prior_education.id"],
            name=op.f("fk_certificate_grade_college_id_prior_education_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_certificate_grade")),
    )
    with op.batch_alter_table("certificate_grade", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_grade_college_id_prior_education_id"),
            ["college_id", "prior_education_id"],
            unique=False,
        )

    op.create_table(
        "competitive_group",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("org_specialty_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("qualification", sa.String(length=200), nullable=False),
        sa.Column("base", sa.String(length=40), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("funding", sa.String(length=40), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("target_places", sa.Integer(), nullable=False),
        sa.Column("quota_places", sa.Integer(), nullable=False),
        sa.Column("duration", sa.String(length=30), nullable=True),
        sa.Column("needs_test", sa.Boolean(), nullable=False),
        sa.Column("professionalitet", sa.Boolean(), nullable=False),
        sa.Column("group_size", sa.Integer(), nullable=True),
        sa.Column("order_number", sa.String(length=50), nullable=True),
        sa.Column("order_date", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "campaign_id"],
            ["admission_campaign.college_id", "admission_campaign.id"],
            name=op.f("fk_competitive_group_college_id_campaign_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["college_id", "org_specialty_id"],
            ["org_specialty.college_id", "org_specialty.id"],
            name=op.f("fk_competitive_group_college_id_org_specialty_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_competitive_group")),
    )
    with op.batch_alter_table("competitive_group", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_competitive_group_college_id_campaign_id"),
            ["college_id", "campaign_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_competitive_group_college_id_org_specialty_id"),
            ["college_id", "org_specialty_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f(
                "uq_competitive_group_college_id_campaign_id_org_specialty_id_qualification_base_form_funding"
            ),
            [
                "college_id",
                "campaign_id",
                "org_specialty_id",
                "qualification",
                "base",
                "form",
                "funding",
            ],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "admission_benefit",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("right", sa.String(length=40), nullable=False),
        sa.Column("benefit_kind_id", sa.Uuid(), nullable=True),
        sa.Column("legal_basis", sa.String(length=300), nullable=True),
        sa.Column("document", sa.String(length=300), nullable=True),
        sa.Column("verified_by", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["benefit_kind_id"],
            ["benefit_kind.id"],
            name=op.f("fk_admission_benefit_benefit_kind_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["college_id", "applicant_id"],
            ["applicant.college_id", "applicant.id"],
            name=op.f("fk_admission_benefit_college_id_applicant_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_admission_benefit")),
    )
    with op.batch_alter_table("admission_benefit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_admission_benefit_college_id_applicant_id"),
            ["college_id", "applicant_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_admission_benefit_college_id_benefit_kind_id"),
            ["college_id", "benefit_kind_id"],
            unique=False,
        )

    op.create_table(
        "applicant_achievement",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("level", sa.String(length=100), nullable=True),
        sa.Column("document", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "applicant_id"],
            ["applicant.college_id", "applicant.id"],
            name=op.f("fk_applicant_achievement_college_id_applicant_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_applicant_achievement")),
    )
    with op.batch_alter_table("applicant_achievement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_applicant_achievement_college_id_applicant_id"),
            ["college_id", "applicant_id"],
            unique=False,
        )

    op.create_table(
        "applicant_document",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("required_document_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("carrier", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("details", sa.String(length=100), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_by", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "applicant_id"],
            ["applicant.college_id", "applicant.id"],
            name=op.f("fk_applicant_document_college_id_applicant_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["college_id", "required_document_id"],
            ["required_document.college_id", "required_document.id"],
            name=op.f("fk_applicant_document_college_id_required_document_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_applicant_document")),
    )
    with op.batch_alter_table("applicant_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_applicant_document_college_id_applicant_id"),
            ["college_id", "applicant_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_applicant_document_college_id_required_document_id"),
            ["college_id", "required_document_id"],
            unique=False,
        )

    op.create_table(
        "application",
        sa.Column("college_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("competitive_group_id", sa.Uuid(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("original", sa.String(length=40), nullable=False),
        sa.Column("original_at", sa.Date(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("first_spo", sa.Boolean(), nullable=False),
        sa.Column("acquainted", sa.Boolean(), nullable=False),
        sa.Column("knows_original_date", sa.Boolean(), nullable=False),
        sa.Column("consents_to_data", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("decision", sa.String(length=500), nullable=True),
        sa.Column("exclusion_reason", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["college_id", "applicant_id"],
            ["applicant.college_id", "applicant.id"],
            name=op.f("fk_application_college_id_applicant_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["college_id", "competitive_group_id"],
            ["competitive_group.college_id", "competitive_group.id"],
            name=op.f("fk_application_college_id_competitive_group_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("college_id", "id", name=op.f("pk_application")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_college_id_applicant_id"),
            ["college_id", "applicant_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_application_college_id_competitive_group_id"),
            ["college_id", "competitive_group_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("uq_application_college_id_applicant_id_competitive_group_id"),
            ["college_id", "applicant_id", "competitive_group_id"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )


def downgrade() -> None:

    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("uq_application_college_id_applicant_id_competitive_group_id"),
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_application_college_id_competitive_group_id"))
        batch_op.drop_index(batch_op.f("ix_application_college_id_applicant_id"))

    op.drop_table("application")
    with op.batch_alter_table("applicant_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_applicant_document_college_id_required_document_id"))
        batch_op.drop_index(batch_op.f("ix_applicant_document_college_id_applicant_id"))

    op.drop_table("applicant_document")
    with op.batch_alter_table("applicant_achievement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_applicant_achievement_college_id_applicant_id"))

    op.drop_table("applicant_achievement")
    with op.batch_alter_table("admission_benefit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_admission_benefit_college_id_benefit_kind_id"))
        batch_op.drop_index(batch_op.f("ix_admission_benefit_college_id_applicant_id"))

    op.drop_table("admission_benefit")
    with op.batch_alter_table("competitive_group", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f(
                "uq_competitive_group_college_id_campaign_id_org_specialty_id_qualification_base_form_funding"
            ),
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_competitive_group_college_id_org_specialty_id"))
        batch_op.drop_index(batch_op.f("ix_competitive_group_college_id_campaign_id"))

    op.drop_table("competitive_group")
    with op.batch_alter_table("certificate_grade", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_grade_college_id_prior_education_id"))

    op.drop_table("certificate_grade")
    with op.batch_alter_table("applicant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_applicant_college_id_prior_education_id"))
        batch_op.drop_index(batch_op.f("ix_applicant_college_id_person_id"))
        batch_op.drop_index(batch_op.f("ix_applicant_college_id_campaign_id"))

    op.drop_table("applicant")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grant_college_id_role_id"))
        batch_op.drop_index(batch_op.f("ix_role_grant_college_id_account_id"))

    op.drop_table("role_grant")
    with op.batch_alter_table("required_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_required_document_college_id_campaign_id"))

    op.drop_table("required_document")
    with op.batch_alter_table("relative", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relative_college_id_person_id"))

    op.drop_table("relative")
    with op.batch_alter_table("prior_education", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_prior_education_college_id_person_id"))
        batch_op.drop_index(batch_op.f("ix_prior_education_college_id_kind_id"))

    op.drop_table("prior_education")
    with op.batch_alter_table("person_name_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_name_case_college_id_person_id"))

    op.drop_table("person_name_case")
    with op.batch_alter_table("person_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_name_college_id_person_id"))

    op.drop_table("person_name")
    with op.batch_alter_table("person_citizenship", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_citizenship_college_id_person_id"))
        batch_op.drop_index(batch_op.f("ix_person_citizenship_college_id_country_id"))

    op.drop_table("person_citizenship")
    with op.batch_alter_table("org_specialty", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("uq_org_specialty_college_id_specialty_id"),
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_org_specialty_college_id_specialty_id"))

    op.drop_table("org_specialty")
    with op.batch_alter_table("identity_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_document_college_id_person_id"))
        batch_op.drop_index(batch_op.f("ix_identity_document_college_id_kind_id"))

    op.drop_table("identity_document")
    with op.batch_alter_table("desk", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("uq_desk_college_id_series"),
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_desk_college_id_account_id"))

    op.drop_table("desk")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_college_id_person_id"))

    op.drop_table("contact")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_college_id_person_id"))

    op.drop_table("consent")
    with op.batch_alter_table("campaign_stage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_stage_college_id_campaign_id"))

    op.drop_table("campaign_stage")
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_address_college_id_person_id"))

    op.drop_table("address")
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_token_college_id_account_id"))

    op.drop_table("token")
    with op.batch_alter_table("sync_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sync_entry_college_id_row_id"))
        batch_op.drop_index(batch_op.f("ix_sync_entry_college_id_bucket_seq_facet_row_id"))

    op.drop_table("sync_entry")
    op.drop_table("sync_bucket")
    with op.batch_alter_table("specialty", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("uq_specialty_code_list_basis_name"),
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.drop_table("specialty")
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_failure_login_at"))

    op.drop_table("sign_in_failure")
    op.drop_table("server_fact")
    with op.batch_alter_table("russian_region", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("uq_russian_region_code"),
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.drop_table("russian_region")
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("uq_role_code"),
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.drop_table("role")
    op.drop_table("person")
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_operation_college_id_device_no"))

    op.drop_table("operation")
    op.drop_table("number_used")
    op.drop_table("number_lease")
    op.drop_table("login")
    with op.batch_alter_table("document_kind", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("uq_document_kind_code"),
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.drop_table("document_kind")
    op.drop_table("device")
    with op.batch_alter_table("country", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("uq_country_code"),
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.drop_table("country")
    with op.batch_alter_table("college", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("uq_college_code"),
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.drop_table("college")
    op.drop_table("clock_mark")
    op.drop_table("clock")
    with op.batch_alter_table("benefit_kind", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("uq_benefit_kind_code"),
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.drop_table("benefit_kind")
    op.drop_table("audit")
    op.drop_table("admission_deadline")
    with op.batch_alter_table("admission_campaign", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("uq_admission_campaign_college_id_year"),
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.drop_table("admission_campaign")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("uq_account_college_id_login"),
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.drop_table("account")
