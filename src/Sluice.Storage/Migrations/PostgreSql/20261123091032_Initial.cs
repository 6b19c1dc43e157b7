using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Sluice.Storage.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    holder_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    permissions = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    expires_at = table.Column<long>(type: "bigint", nullable: true),
                    last_used_at = table.Column<long>(type: "bigint", nullable: true),
                    revoked_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "cluster_members",
                columns: table => new
                {
                    cluster_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    silo_address = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    entry = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    etag = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cluster_members", x => new { x.cluster_id, x.silo_address });
                });

            migrationBuilder.CreateTable(
                name: "cluster_versions",
                columns: table => new
                {
                    cluster_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cluster_versions", x => x.cluster_id);
                });

            migrationBuilder.CreateTable(
                name: "connections",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    key_normalized = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    technology = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    authentication_type = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    document = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    secret_destination = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    settings = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    accept_unknown_governance = table.Column<bool>(type: "boolean", nullable: false),
                    force_recursive_crawl = table.Column<bool>(type: "boolean", nullable: false),
                    identity_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    identity_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    status = table.Column<int>(type: "integer", nullable: false),
                    status_reason = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    checks = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    root_object_id = table.Column<long>(type: "bigint", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false),
                    lease_epoch = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    created_by_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_by_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_by_email = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_by_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    updated_by_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    updated_by_email = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    next_sync_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_connections", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "data_columns",
                columns: table => new
                {
                    object_id = table.Column<long>(type: "bigint", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    type = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    native_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    comment = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    is_partition_key = table.Column<bool>(type: "boolean", nullable: false),
                    discovered_new = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_columns", x => new { x.object_id, x.position });
                });

            migrationBuilder.CreateTable(
                name: "data_keys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    key_encryption_key_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    wrapped = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "data_objects",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false),
                    connection_id = table.Column<Guid>(type: "uuid", nullable: false),
                    parent_id = table.Column<long>(type: "bigint", nullable: true),
                    lineage = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    depth = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    native_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    comment = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    governance = table.Column<int>(type: "integer", nullable: false),
                    governance_reason = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    grant_method = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    fingerprint = table.Column<byte[]>(type: "bytea", nullable: false),
                    is_active = table.Column<bool>(type: "boolean", nullable: true),
                    activate_new_children = table.Column<bool>(type: "boolean", nullable: true),
                    data_owners = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    discovered_new = table.Column<bool>(type: "boolean", nullable: false),
                    missing_since = table.Column<long>(type: "bigint", nullable: true),
                    replaced = table.Column<bool>(type: "boolean", nullable: false),
                    hidden = table.Column<bool>(type: "boolean", nullable: false),
                    discovered_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_objects", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "id_blocks",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    next = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_id_blocks", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "object_syncs",
                columns: table => new
                {
                    object_id = table.Column<long>(type: "bigint", nullable: false),
                    finished_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_object_syncs", x => x.object_id);
                });

            migrationBuilder.CreateTable(
                name: "object_tags",
                columns: table => new
                {
                    object_id = table.Column<long>(type: "bigint", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    column_name = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    inherited = table.Column<bool>(type: "boolean", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_object_tags", x => new { x.object_id, x.position });
                });

            migrationBuilder.CreateTable(
                name: "server_facts",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_server_facts", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "jobs",
                columns: table => new
                {
                    number = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    bulk_id = table.Column<Guid>(type: "uuid", nullable: false),
                    connection_id = table.Column<Guid>(type: "uuid", nullable: true),
                    connection_key_normalized = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    type = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    path = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    depth = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<int>(type: "integer", nullable: false),
                    progress_done = table.Column<int>(type: "integer", nullable: false),
                    progress_total = table.Column<int>(type: "integer", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    output = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    error = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    requested_by = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    cancel_requested = table.Column<bool>(type: "boolean", nullable: false),
                    claimed_epoch = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    due_at = table.Column<long>(type: "bigint", nullable: false),
                    started_at = table.Column<long>(type: "bigint", nullable: true),
                    finished_at = table.Column<long>(type: "bigint", nullable: true),
                    expires_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_jobs", x => x.number);
                    table.UniqueConstraint("ak_jobs_id", x => x.id);
                    table.ForeignKey(
                        name: "fk_jobs_connection_id",
                        column: x => x.connection_id,
                        principalTable: "connections",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "secrets",
                columns: table => new
                {
                    connection_id = table.Column<Guid>(type: "uuid", nullable: false),
                    field = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ciphertext = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_secrets", x => new { x.connection_id, x.field });
                    table.ForeignKey(
                        name: "fk_secrets_connection_id",
                        column: x => x.connection_id,
                        principalTable: "connections",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "crawl_units",
                columns: table => new
                {
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    container_id = table.Column<long>(type: "bigint", nullable: false),
                    cursor = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    is_done = table.Column<bool>(type: "boolean", nullable: false),
                    pages = table.Column<int>(type: "integer", nullable: false),
                    found = table.Column<long>(type: "bigint", nullable: false),
                    added = table.Column<long>(type: "bigint", nullable: false),
                    updated = table.Column<long>(type: "bigint", nullable: false),
                    renamed = table.Column<long>(type: "bigint", nullable: false),
                    reappeared = table.Column<long>(type: "bigint", nullable: false),
                    missing = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_crawl_units", x => new { x.job_id, x.container_id });
                    table.ForeignKey(
                        name: "fk_crawl_units_job_id",
                        column: x => x.job_id,
                        principalTable: "jobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "crawl_unit_pages",
                columns: table => new
                {
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    container_id = table.Column<long>(type: "bigint", nullable: false),
                    page = table.Column<int>(type: "integer", nullable: false),
                    seen = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_crawl_unit_pages", x => new { x.job_id, x.container_id, x.page });
                    table.ForeignKey(
                        name: "fk_crawl_unit_pages_job_id_container_id",
                        columns: x => new { x.job_id, x.container_id },
                        principalTable: "crawl_units",
                        principalColumns: new[] { "job_id", "container_id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "id_blocks",
                columns: new[] { "name", "next" },
                values: new object[] { "data_objects", 1L });

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_holder_id",
                table: "api_keys",
                column: "holder_id");

            migrationBuilder.CreateIndex(
                name: "ix_connections_next_sync_at",
                table: "connections",
                column: "next_sync_at");

            migrationBuilder.CreateIndex(
                name: "ux_connections_identity_key",
                table: "connections",
                column: "identity_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_connections_key_normalized",
                table: "connections",
                column: "key_normalized",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_data_objects_activate_new_children",
                table: "data_objects",
                column: "lineage",
                filter: "activate_new_children IS NOT NULL AND NOT hidden");

            migrationBuilder.CreateIndex(
                name: "ix_data_objects_data_owners",
                table: "data_objects",
                column: "lineage",
                filter: "data_owners IS NOT NULL AND NOT hidden");

            migrationBuilder.CreateIndex(
                name: "ix_data_objects_is_active",
                table: "data_objects",
                column: "lineage",
                filter: "is_active IS NOT NULL AND NOT hidden");

            migrationBuilder.CreateIndex(
                name: "ix_data_objects_replaced",
                table: "data_objects",
                column: "parent_id",
                filter: "replaced");

            migrationBuilder.CreateIndex(
                name: "ux_data_objects_lineage",
                table: "data_objects",
                column: "lineage",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_data_objects_parent_id_name_key",
                table: "data_objects",
                columns: new[] { "parent_id", "name_key" },
                unique: true,
                filter: "NOT replaced");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_bulk_id",
                table: "jobs",
                column: "bulk_id");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_connection_id_state",
                table: "jobs",
                columns: new[] { "connection_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_created_at_number",
                table: "jobs",
                columns: new[] { "created_at", "number" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_state_due_at",
                table: "jobs",
                columns: new[] { "state", "due_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "api_keys");

            migrationBuilder.DropTable(
                name: "cluster_members");

            migrationBuilder.DropTable(
                name: "cluster_versions");

            migrationBuilder.DropTable(
                name: "crawl_unit_pages");

            migrationBuilder.DropTable(
                name: "data_columns");

            migrationBuilder.DropTable(
                name: "data_keys");

            migrationBuilder.DropTable(
                name: "data_objects");

            migrationBuilder.DropTable(
                name: "id_blocks");

            migrationBuilder.DropTable(
                name: "object_syncs");

            migrationBuilder.DropTable(
                name: "object_tags");

            migrationBuilder.DropTable(
                name: "secrets");

            migrationBuilder.DropTable(
                name: "server_facts");

            migrationBuilder.DropTable(
                name: "crawl_units");

            migrationBuilder.DropTable(
                name: "jobs");

            migrationBuilder.DropTable(
                name: "connections");
        }
    }
}
