using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sluice.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class History : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ahead_epoch",
                table: "enforcements",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "access_facts",
                columns: table => new
                {
                    connection_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    fact = table.Column<Guid>(type: "TEXT", nullable: false),
                    from_at = table.Column<long>(type: "INTEGER", nullable: false),
                    place = table.Column<Guid>(type: "TEXT", nullable: false),
                    kind = table.Column<int>(type: "INTEGER", nullable: false),
                    object_path = table.Column<string>(type: "TEXT", nullable: true),
                    subject = table.Column<string>(type: "TEXT", nullable: false),
                    detail = table.Column<string>(type: "TEXT", nullable: false),
                    to_at = table.Column<long>(type: "INTEGER", nullable: true),
                    begun_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    ended_by = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_access_facts", x => new { x.connection_id, x.fact, x.from_at });
                });

            migrationBuilder.CreateTable(
                name: "change_runs",
                columns: table => new
                {
                    connection_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    plan_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    after_sequence = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_change_runs", x => new { x.connection_id, x.plan_id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_access_facts_place_from_at",
                table: "access_facts",
                columns: new[] { "place", "from_at" });

            migrationBuilder.CreateIndex(
                name: "ux_access_facts_connection_id_fact",
                table: "access_facts",
                columns: new[] { "connection_id", "fact" },
                unique: true,
                filter: "to_at IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "access_facts");

            migrationBuilder.DropTable(
                name: "change_runs");

            migrationBuilder.DropColumn(
                name: "ahead_epoch",
                table: "enforcements");
        }
    }
}
