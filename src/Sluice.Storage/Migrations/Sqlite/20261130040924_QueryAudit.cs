using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sluice.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class QueryAudit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "query_event_objects",
                columns: table => new
                {
                    connection_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    position = table.Column<int>(type: "INTEGER", nullable: false),
                    object_path = table.Column<string>(type: "TEXT", nullable: false),
                    columns = table.Column<string>(type: "TEXT", nullable: false),
                    is_direct = table.Column<bool>(type: "INTEGER", nullable: false),
                    is_written = table.Column<bool>(type: "INTEGER", nullable: false),
                    policies = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_query_event_objects", x => new { x.connection_id, x.sequence, x.position });
                });

            migrationBuilder.CreateTable(
                name: "query_event_people",
                columns: table => new
                {
                    connection_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    person_id = table.Column<string>(type: "TEXT", nullable: false),
                    username = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_query_event_people", x => new { x.connection_id, x.sequence, x.person_id });
                });

            migrationBuilder.CreateTable(
                name: "query_events",
                columns: table => new
                {
                    connection_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    connection_key = table.Column<string>(type: "TEXT", nullable: false),
                    source = table.Column<string>(type: "TEXT", nullable: false),
                    event_id = table.Column<string>(type: "TEXT", nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: false),
                    identity = table.Column<string>(type: "TEXT", nullable: false),
                    people_known_by = table.Column<int>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    succeeded = table.Column<bool>(type: "INTEGER", nullable: false),
                    policies_known_by = table.Column<int>(type: "INTEGER", nullable: false),
                    platform_policies = table.Column<string>(type: "TEXT", nullable: false),
                    statement_hash = table.Column<string>(type: "TEXT", nullable: true),
                    statement_text = table.Column<string>(type: "TEXT", nullable: true),
                    workspace = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_query_events", x => new { x.connection_id, x.sequence });
                });

            migrationBuilder.CreateTable(
                name: "query_feeds",
                columns: table => new
                {
                    connection_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    source = table.Column<string>(type: "TEXT", nullable: false),
                    since = table.Column<long>(type: "INTEGER", nullable: false),
                    watermark = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_query_feeds", x => new { x.connection_id, x.source });
                    table.ForeignKey(
                        name: "fk_query_feeds_connection_id",
                        column: x => x.connection_id,
                        principalTable: "connections",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "query_streams",
                columns: table => new
                {
                    connection_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    sequence = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_query_streams", x => x.connection_id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_query_event_objects_object_path_connection_id_sequence",
                table: "query_event_objects",
                columns: new[] { "object_path", "connection_id", "sequence" });

            migrationBuilder.CreateIndex(
                name: "ix_query_event_people_person_id_connection_id_sequence",
                table: "query_event_people",
                columns: new[] { "person_id", "connection_id", "sequence" });

            migrationBuilder.CreateIndex(
                name: "ix_query_event_people_username_connection_id_sequence",
                table: "query_event_people",
                columns: new[] { "username", "connection_id", "sequence" });

            migrationBuilder.CreateIndex(
                name: "ix_query_events_connection_id_started_at",
                table: "query_events",
                columns: new[] { "connection_id", "started_at" });

            migrationBuilder.CreateIndex(
                name: "ix_query_events_ended_at",
                table: "query_events",
                column: "ended_at");

            migrationBuilder.CreateIndex(
                name: "ix_query_events_identity_started_at",
                table: "query_events",
                columns: new[] { "identity", "started_at" });

            migrationBuilder.CreateIndex(
                name: "ix_query_events_started_at",
                table: "query_events",
                column: "started_at");

            migrationBuilder.CreateIndex(
                name: "ux_query_events_connection_id_source_event_id",
                table: "query_events",
                columns: new[] { "connection_id", "source", "event_id" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "query_event_objects");

            migrationBuilder.DropTable(
                name: "query_event_people");

            migrationBuilder.DropTable(
                name: "query_events");

            migrationBuilder.DropTable(
                name: "query_feeds");

            migrationBuilder.DropTable(
                name: "query_streams");
        }
    }
}
