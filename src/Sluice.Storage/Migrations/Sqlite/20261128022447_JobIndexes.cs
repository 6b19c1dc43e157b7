using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sluice.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class JobIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "warnings",
                table: "crawl_units",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_jobs_connection_key_normalized_created_at_number",
                table: "jobs",
                columns: new[] { "connection_key_normalized", "created_at", "number" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_finished_at",
                table: "jobs",
                column: "finished_at");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_requested_by_created_at_number",
                table: "jobs",
                columns: new[] { "requested_by", "created_at", "number" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_jobs_connection_key_normalized_created_at_number",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_finished_at",
                table: "jobs");

            migrationBuilder.DropIndex(
                name: "ix_jobs_requested_by_created_at_number",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "warnings",
                table: "crawl_units");
        }
    }
}
