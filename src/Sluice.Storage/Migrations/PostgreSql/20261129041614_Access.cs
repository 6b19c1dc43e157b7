using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sluice.Storage.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class Access : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "scim_source",
                table: "api_keys",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.CreateTable(
                name: "access_requests",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    object_id = table.Column<long>(type: "bigint", nullable: false),
                    access = table.Column<int>(type: "integer", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    state = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: true),
                    approvals = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    decided_at = table.Column<long>(type: "bigint", nullable: true),
                    decided_by_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    decided_by_name = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    answer = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_access_requests", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "assigned_tags",
                columns: table => new
                {
                    object_id = table.Column<long>(type: "bigint", nullable: false),
                    column_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tag = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    assigned_at = table.Column<long>(type: "bigint", nullable: false),
                    assigned_by_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    assigned_by_name = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_assigned_tags", x => new { x.object_id, x.column_name, x.tag });
                });

            migrationBuilder.CreateTable(
                name: "audit_checkpoints",
                columns: table => new
                {
                    stream = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    mac = table.Column<byte[]>(type: "bytea", nullable: false),
                    count = table.Column<long>(type: "bigint", nullable: false),
                    time = table.Column<long>(type: "bigint", nullable: false),
                    key_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    signature = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_checkpoints", x => new { x.stream, x.sequence });
                });

            migrationBuilder.CreateTable(
                name: "audit_events",
                columns: table => new
                {
                    stream = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    time = table.Column<long>(type: "bigint", nullable: false),
                    actor_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    actor_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    action = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    object_path = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    person = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    details = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    bulk_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    plan_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    key_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    mac = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_events", x => new { x.stream, x.sequence });
                });

            migrationBuilder.CreateTable(
                name: "audit_streams",
                columns: table => new
                {
                    stream = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    mac = table.Column<byte[]>(type: "bytea", nullable: false),
                    pruned_through = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_streams", x => x.stream);
                });

            migrationBuilder.CreateTable(
                name: "enforcements",
                columns: table => new
                {
                    connection_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reconciled_revision = table.Column<long>(type: "bigint", nullable: false),
                    reconciled_at = table.Column<long>(type: "bigint", nullable: true),
                    due_at = table.Column<long>(type: "bigint", nullable: true),
                    failure = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    not_before = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_enforcements", x => x.connection_id);
                });

            migrationBuilder.CreateTable(
                name: "group_members",
                columns: table => new
                {
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    member_id = table.Column<Guid>(type: "uuid", nullable: false),
                    is_group = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_group_members", x => new { x.group_id, x.member_id });
                });

            migrationBuilder.CreateTable(
                name: "people",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    username = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    username_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    display_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    email = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    email_key = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    source = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    external_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    permissions = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_people", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "people_changes",
                columns: table => new
                {
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_people_changes", x => x.person_id);
                });

            migrationBuilder.CreateTable(
                name: "people_groups",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    external_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_people_groups", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "people_revisions",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_people_revisions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "person_attributes",
                columns: table => new
                {
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    source = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    expires_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_person_attributes", x => new { x.person_id, x.name, x.value, x.source });
                });

            migrationBuilder.CreateTable(
                name: "plans",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    connection_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<int>(type: "integer", nullable: false),
                    state_reason = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    digest = table.Column<byte[]>(type: "bytea", nullable: false),
                    access_revision = table.Column<long>(type: "bigint", nullable: false),
                    change_count = table.Column<int>(type: "integer", nullable: false),
                    document = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    created_by_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_by_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ended_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_plans", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "platform_identities",
                columns: table => new
                {
                    connection_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    shared = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_platform_identities", x => new { x.connection_id, x.name, x.person_id });
                });

            migrationBuilder.CreateTable(
                name: "policies",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    type = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    is_staged = table.Column<bool>(type: "boolean", nullable: false),
                    document = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    revision = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    created_by_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_by_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_by_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    updated_by_name = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_policies", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "removed_grants",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    connection_id = table.Column<Guid>(type: "uuid", nullable: false),
                    plan_id = table.Column<Guid>(type: "uuid", nullable: false),
                    object_path = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    grantee = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    privilege = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    restore = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    made_by = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    removed_at = table.Column<long>(type: "bigint", nullable: false),
                    restored_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_removed_grants", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "subscriptions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    object_id = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    access = table.Column<int>(type: "integer", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    created_by_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_by_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    expires_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_subscriptions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "tags",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    description = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    created_by_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_by_name = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tags", x => x.name);
                });

            migrationBuilder.CreateIndex(
                name: "ix_access_requests_object_id",
                table: "access_requests",
                column: "object_id");

            migrationBuilder.CreateIndex(
                name: "ix_access_requests_person_id",
                table: "access_requests",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "ix_assigned_tags_tag",
                table: "assigned_tags",
                column: "tag");

            migrationBuilder.CreateIndex(
                name: "ix_audit_events_time",
                table: "audit_events",
                column: "time");

            migrationBuilder.CreateIndex(
                name: "ix_group_members_member_id",
                table: "group_members",
                column: "member_id");

            migrationBuilder.CreateIndex(
                name: "ix_people_email_key",
                table: "people",
                column: "email_key");

            migrationBuilder.CreateIndex(
                name: "ix_people_external_id",
                table: "people",
                column: "external_id");

            migrationBuilder.CreateIndex(
                name: "ux_people_username_key",
                table: "people",
                column: "username_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_people_changes_revision",
                table: "people_changes",
                column: "revision");

            migrationBuilder.CreateIndex(
                name: "ux_people_groups_source_name",
                table: "people_groups",
                columns: new[] { "source", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_person_attributes_expires_at",
                table: "person_attributes",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_person_attributes_name_source",
                table: "person_attributes",
                columns: new[] { "name", "source" });

            migrationBuilder.CreateIndex(
                name: "ix_plans_connection_id_created_at",
                table: "plans",
                columns: new[] { "connection_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_platform_identities_person_id",
                table: "platform_identities",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "ix_removed_grants_connection_id_removed_at",
                table: "removed_grants",
                columns: new[] { "connection_id", "removed_at" });

            migrationBuilder.CreateIndex(
                name: "ix_subscriptions_expires_at",
                table: "subscriptions",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_subscriptions_person_id",
                table: "subscriptions",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "ux_subscriptions_object_id_person_id_kind_access",
                table: "subscriptions",
                columns: new[] { "object_id", "person_id", "kind", "access" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "access_requests");

            migrationBuilder.DropTable(
                name: "assigned_tags");

            migrationBuilder.DropTable(
                name: "audit_checkpoints");

            migrationBuilder.DropTable(
                name: "audit_events");

            migrationBuilder.DropTable(
                name: "audit_streams");

            migrationBuilder.DropTable(
                name: "enforcements");

            migrationBuilder.DropTable(
                name: "group_members");

            migrationBuilder.DropTable(
                name: "people");

            migrationBuilder.DropTable(
                name: "people_changes");

            migrationBuilder.DropTable(
                name: "people_groups");

            migrationBuilder.DropTable(
                name: "people_revisions");

            migrationBuilder.DropTable(
                name: "person_attributes");

            migrationBuilder.DropTable(
                name: "plans");

            migrationBuilder.DropTable(
                name: "platform_identities");

            migrationBuilder.DropTable(
                name: "policies");

            migrationBuilder.DropTable(
                name: "removed_grants");

            migrationBuilder.DropTable(
                name: "subscriptions");

            migrationBuilder.DropTable(
                name: "tags");

            migrationBuilder.DropColumn(
                name: "scim_source",
                table: "api_keys");
        }
    }
}
